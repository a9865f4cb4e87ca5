import { useState } from 'react';
import { featuresOf } from '../api/desk';
import type { Feature } from '../api/shapes';
import { useFormats } from '../formats';
import { useWords } from '../language';
import { PagesOf } from './pages-of';
import { EvidenceList } from './reasons';
import { Empty } from './states';

const HOURS_A_DAY = 24;

/** What is known of an account, each value with the events behind it. */
export function Features({ accountId }: { accountId: string }) {
  const words = useWords();
  const formats = useFormats();
  const [text, setText] = useState('');
  const wanted = text.trim().toLowerCase();
  const matches = (feature: Feature): boolean =>
    `${feature.name} ${feature.key ?? ''} ${feature.description}`.toLowerCase().includes(wanted);
  return (
    <div>
      <input
        type="search"
        placeholder={words('features.filter')}
        aria-label={words('features.filter')}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <PagesOf
        of={['features', accountId]}
        read={(cursor) => featuresOf(accountId, cursor)}
        empty={<Empty title={words('features.empty')} />}
      >
        {(items) => (
          <table className="features">
            <thead>
              <tr>
                <th scope="col">{words('features.name')}</th>
                <th scope="col">{words('features.value')}</th>
                <th scope="col">{words('features.evidence')}</th>
              </tr>
            </thead>
            <tbody>
              {items.filter(matches).map((feature) => (
                <tr key={`${feature.name}.${feature.key ?? ''}`}>
                  <th scope="row">
                    {feature.description}
                    {feature.key !== undefined && <em> {feature.key}</em>}
                    <small>
                      <code dir="ltr">{feature.name}</code>
                    </small>
                  </th>
                  <td>
                    {feature.shares ? (
                      <HourMap shares={feature.shares} label={words('features.hours')} />
                    ) : (
                      <>
                        {feature.value === null ? '–' : formats.number(feature.value)}{' '}
                        <small>{feature.unit}</small>
                      </>
                    )}
                  </td>
                  <td>
                    <EvidenceList evidence={feature.evidence} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </PagesOf>
    </div>
  );
}

/** A week of hours: a row a day, the darker the more often. */
function HourMap({ shares, label }: { shares: readonly number[]; label: string }) {
  const most = Math.max(...shares, Number.MIN_VALUE);
  return (
    <svg className="hours" role="img" aria-label={label} viewBox={`0 0 ${HOURS_A_DAY} 7`}>
      {shares.map((share, hour) =>
        share === 0 ? null : (
          <rect
            key={hour}
            x={hour % HOURS_A_DAY}
            y={Math.floor(hour / HOURS_A_DAY)}
            width="0.9"
            height="0.9"
            opacity={0.2 + (0.8 * share) / most}
          />
        ),
      )}
    </svg>
  );
}
