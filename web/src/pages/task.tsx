import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { taskOf } from '../api/desk';
import { useWords } from '../language';
import { Loading, Trouble } from '../parts/states';
import { TaskCard } from './tasks';

/** One task: where a notification leads to. */
export function TaskPage({ taskId }: { taskId: string }) {
  const words = useWords();
  const task = useQuery({ queryKey: ['tasks', 'one', taskId], queryFn: () => taskOf(taskId) });
  return (
    <section className="narrow">
      <header className="page-head">
        <h1>{words('tasks.one')}</h1>
        <Link href="/tasks">{words('tasks.all')}</Link>
      </header>
      {task.isPending && <Loading />}
      {task.error && <Trouble cause={task.error} retry={() => void task.refetch()} />}
      {task.data && <TaskCard task={task.data} />}
    </section>
  );
}
