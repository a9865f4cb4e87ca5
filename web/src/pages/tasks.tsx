import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'wouter';
import { completeTask, tasksOf } from '../api/desk';
import type { Task } from '../api/shapes';
import { useFormats } from '../formats';
import { useWords } from '../language';
import type { MessageKey } from '../messages/en';
import { useSay } from '../parts/notice';
import { PagesOf } from '../parts/pages-of';
import { Empty } from '../parts/states';

export function TaskCard({ task }: { task: Task }) {
  const words = useWords();
  const formats = useFormats();
  const say = useSay();
  const queries = useQueryClient();
  const done = useMutation({
    mutationFn: () => completeTask(task.taskId),
    onSuccess: () => {
      say({ text: words('tasks.completed') });
      void queries.invalidateQueries({ queryKey: ['tasks'] });
    },
    onError: (cause) => say({ text: cause.message, trouble: true }),
  });
  const late = task.dueAt !== null && task.state === 'open' && new Date(task.dueAt) < new Date();
  return (
    <article className={late ? 'card task task-late' : 'card task'}>
      <h2 className="card-title">{task.about}</h2>
      <p className="card-facts">
        <span className="badge">{words(`tasks.kind.${task.kind}` as MessageKey)}</span>
        <Link href={`/accounts/${encodeURIComponent(task.accountId)}`}>{task.accountId}</Link>
        {task.role && <span>{words(`role.${task.role}` as MessageKey)}</span>}
        {task.dueAt && (
          <span className={late ? 'late' : ''}>
            {words(late ? 'tasks.overdue' : 'tasks.due', { time: formats.time(task.dueAt) })}
          </span>
        )}
      </p>
      {task.state === 'open' && (
        <div className="responses">
          <button type="button" className="primary" disabled={done.isPending} onClick={() => done.mutate()}>
            {words('tasks.complete')}
          </button>
        </div>
      )}
    </article>
  );
}

/** What was handed over, promised or is to be followed up. */
export function TasksPage() {
  const words = useWords();
  const [state, setState] = useState<'open' | 'completed'>('open');
  return (
    <section className="narrow">
      <header className="page-head">
        <h1>{words('tasks.title')}</h1>
        <div className="filters" role="group" aria-label={words('today.filter')}>
          <button type="button" aria-pressed={state === 'open'} onClick={() => setState('open')}>
            {words('tasks.open')}
          </button>
          <button type="button" aria-pressed={state === 'completed'} onClick={() => setState('completed')}>
            {words('tasks.closed')}
          </button>
        </div>
      </header>
      <PagesOf
        of={['tasks', 'list', state]}
        read={(cursor) => tasksOf({ state, cursor })}
        empty={<Empty title={words('tasks.empty')}>{words('tasks.emptyWhy')}</Empty>}
      >
        {(items) => (
          <div className="cards">
            {items.map((task) => (
              <TaskCard key={task.taskId} task={task} />
            ))}
          </div>
        )}
      </PagesOf>
    </section>
  );
}
