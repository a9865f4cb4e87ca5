import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { changeDigest, digestSetting } from '../api/desk';
import type { DigestSetting } from '../api/shapes';
import { useFormats } from '../formats';
import { useLanguage } from '../language';
import { useSay } from './notice';
import { Loading, Trouble } from './states';

const cadences = ['daily', 'weekly', 'off'] as const;
const HOURS = Array.from({ length: 24 }, (_, hour) => hour);

/** The digest by e-mail: whether, how often and at which hour. */
export function DigestSettings() {
  const { words } = useLanguage();
  const setting = useQuery({ queryKey: ['digest'], queryFn: digestSetting });
  return (
    <article className="card settings" aria-labelledby="digest-title">
      <h2 id="digest-title" className="card-title">
        {words('digest.title')}
      </h2>
      <p>{words('digest.lead')}</p>
      {setting.isPending && <Loading />}
      {setting.error && <Trouble cause={setting.error} retry={() => void setting.refetch()} />}
      {setting.data && <Choices setting={setting.data} />}
    </article>
  );
}

function Choices({ setting }: { setting: DigestSetting }) {
  const { words } = useLanguage();
  const formats = useFormats();
  const say = useSay();
  const queries = useQueryClient();
  const change = useMutation({
    mutationFn: changeDigest,
    onSuccess: (changed) => {
      queries.setQueryData(['digest'], changed);
      say({ text: words('digest.saved') });
    },
    onError: (cause) => say({ text: cause.message, trouble: true }),
  });
  const { email, timeZone, nextAt, last } = setting;
  // what she has chosen is shown at once; it is as it was if it could not be saved
  const { cadence, hour = setting.hour } = change.isPending ? change.variables : setting;
  if (email === null)
    return (
      <p className="told" role="note">
        {words('digest.noAddress')}
      </p>
    );
  return (
    <>
      <fieldset className="choices-row" aria-busy={change.isPending}>
        <legend>{words('digest.how')}</legend>
        {cadences.map((one) => (
          <label key={one} className="radio">
            <input
              type="radio"
              name="cadence"
              checked={cadence === one}
              onChange={() => change.mutate({ cadence: one })}
            />
            <span>{words(`digest.${one}`)}</span>
          </label>
        ))}
      </fieldset>
      {cadence !== 'off' && (
        <label className="field">
          <span>{words('digest.hour')}</span>
          <select
            value={hour}
            onChange={({ target }) => change.mutate({ cadence, hour: Number(target.value) })}
          >
            {HOURS.map((one) => (
              <option key={one} value={one}>
                {formats.hour(one)}
              </option>
            ))}
          </select>
        </label>
      )}
      <p className="card-facts">
        <span>{words('digest.to', { email })}</span>
        {cadence !== 'off' && <span>{words('digest.zone', { zone: timeZone })}</span>}
        {nextAt && <span>{words('digest.next', { time: formats.time(nextAt, timeZone) })}</span>}
      </p>
      {last && (last.state === 'failed' || last.state === 'unknown') && (
        <p className="because">{words(`digest.${last.state}`, { why: last.because ?? '' })}</p>
      )}
    </>
  );
}
