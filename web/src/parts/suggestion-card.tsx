import { Link } from 'wouter';
import type { Suggestion } from '../api/shapes';
import { useFormats } from '../formats';
import { useWords } from '../language';
import type { MessageKey } from '../messages/en';
import { channelIcon, Icon } from './icons';
import { Reasons } from './reasons';
import { Responses } from './responses';

const TOLD_SHOWN = 3;
const answerable = new Set(['open', 'seen', 'accepted', 'snoozed']);

/** One suggestion: what to do, for whom, when, why, and what one can say about it. */
export function SuggestionCard({
  suggestion,
  showAccount = true,
}: {
  suggestion: Suggestion;
  showAccount?: boolean;
}) {
  const words = useWords();
  const formats = useFormats();
  const { names, slot, channelId, alreadyTold: told = [] } = suggestion;
  const titleId = `suggestion-${suggestion.suggestionId}`;
  return (
    <article className={`card suggestion state-${suggestion.state}`} aria-labelledby={titleId}>
      <div className="card-mark" aria-hidden="true">
        <Icon name={channelIcon(channelId)} />
      </div>
      <div className="card-body">
        <h2 id={titleId} className="card-title">
          {suggestion.headline}
        </h2>
        <p className="card-facts">
          {showAccount && (
            <Link href={`/accounts/${encodeURIComponent(suggestion.accountId)}`}>
              {names.account ?? suggestion.accountId}
            </Link>
          )}
          <span>
            <Icon name="clock" /> {formats.slot(slot)}
          </span>
          <span>{names.channel ?? channelId}</span>
          <span
            className="chance"
            title={words('suggestion.value', { value: formats.number(suggestion.value) })}
          >
            <meter min={0} max={1} value={suggestion.propensity} aria-hidden="true" />
            {words('suggestion.chance', { percent: formats.percent(suggestion.propensity) })}
          </span>
          {suggestion.state !== 'open' && (
            <span className="badge">
              {words(`suggestion.state.${suggestion.state}` as MessageKey)}
              {suggestion.taken?.name ? `: ${suggestion.taken.name}` : ''}
            </span>
          )}
        </p>
        {suggestion.because && <p className="because">{suggestion.because}</p>}
        <Reasons reasons={suggestion.reasons} />
        {told.length > 0 && (
          <div className="told">
            <strong>{words('suggestion.told')}</strong>
            <ul>
              {told.slice(0, TOLD_SHOWN).map((one) => (
                <li key={`${one.eventId}${one.title}`}>
                  {one.title} <small>{[one.by.name, formats.ago(one.at)].filter(Boolean).join(', ')}</small>
                </li>
              ))}
            </ul>
          </div>
        )}
        {answerable.has(suggestion.state) && <Responses suggestion={suggestion} />}
      </div>
    </article>
  );
}
