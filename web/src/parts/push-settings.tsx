import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { pushDevices, removeDevice, testDevice } from '../api/desk';
import type { PushDevice } from '../api/shapes';
import { useFormats } from '../formats';
import { useLanguage } from '../language';
import { keepRinging, ownDevice, pushAbility, ringHere, ringNoMore } from '../push';
import { useSay } from './notice';
import { Loading, Trouble } from './states';

/** Alerts on this device: on or off, how much they say, and the other devices on which they ring. */
export function PushSettings() {
  const { words, language } = useLanguage();
  const queries = useQueryClient();
  const devices = useQuery({ queryKey: ['push', 'devices'], queryFn: pushDevices });
  const known = devices.data?.items;
  useEffect(() => {
    if (!known) return;
    keepRinging(known, language).then(
      (renewed) => {
        if (renewed) void queries.invalidateQueries({ queryKey: ['push'] });
      },
      (cause: unknown) => console.warn('This device could not be registered anew.', cause),
    );
  }, [known, language, queries]);
  return (
    <article className="card settings" aria-labelledby="push-title">
      <h2 id="push-title" className="card-title">
        {words('push.title')}
      </h2>
      <p>{words('push.lead')}</p>
      {devices.isPending && <Loading />}
      {devices.error && <Trouble cause={devices.error} retry={() => void devices.refetch()} />}
      {known && <ThisDevice own={known.find(({ subscriptionId }) => subscriptionId === ownDevice())} />}
      {known && (
        <OtherDevices devices={known.filter(({ subscriptionId }) => subscriptionId !== ownDevice())} />
      )}
    </article>
  );
}

function ThisDevice({ own }: { own: PushDevice | undefined }) {
  const { words, language } = useLanguage();
  const say = useSay();
  const queries = useQueryClient();
  const ability = pushAbility();
  const onError = (cause: Error) =>
    say({ text: words('push.failed', { why: cause.message }), trouble: true });
  const turn = useMutation({
    mutationFn: (choice: { on: boolean; detailed: boolean }) =>
      choice.on ? ringHere({ language, detailed: choice.detailed }) : ringNoMore().then(() => undefined),
    onSuccess: (device) => {
      if (device === null) say({ text: words('push.refused'), trouble: true });
      return queries.invalidateQueries({ queryKey: ['push'] });
    },
    onError,
  });
  const test = useMutation({
    mutationFn: (device: PushDevice) => testDevice(device.subscriptionId),
    onSuccess: () => say({ text: words('push.testing') }),
    onError,
  });
  // what she has chosen is shown at once; it is as it was if it could not be done
  const shown = turn.isPending ? turn.variables : { on: own !== undefined, detailed: own?.detailed ?? true };
  if (!own && ability !== 'able')
    return (
      <p className="told" role="note">
        {words(`push.${ability}`)}
      </p>
    );
  return (
    <>
      <label className="switch">
        <input
          type="checkbox"
          role="switch"
          checked={shown.on}
          aria-busy={turn.isPending}
          onChange={({ target }) => turn.mutate({ on: target.checked, detailed: true })}
        />
        <span>{words('push.here')}</span>
      </label>
      {own && (
        <>
          <label className="switch">
            <input
              type="checkbox"
              role="switch"
              checked={shown.detailed}
              onChange={({ target }) => turn.mutate({ on: true, detailed: target.checked })}
            />
            <span>
              {words('push.detailed')}
              <small>{words('push.detailedWhy')}</small>
            </span>
          </label>
          <button type="button" disabled={test.isPending} onClick={() => test.mutate(own)}>
            {words('push.test')}
          </button>
        </>
      )}
    </>
  );
}

function OtherDevices({ devices }: { devices: readonly PushDevice[] }) {
  const { words } = useLanguage();
  const formats = useFormats();
  const say = useSay();
  const queries = useQueryClient();
  const remove = useMutation({
    mutationFn: removeDevice,
    onSuccess: () => void queries.invalidateQueries({ queryKey: ['push'] }),
    onError: (cause) => say({ text: cause.message, trouble: true }),
  });
  if (devices.length === 0) return null;
  return (
    <>
      <h3>{words('push.others')}</h3>
      <ul className="devices">
        {devices.map((device) => (
          <li key={device.subscriptionId}>
            <span>
              {device.device ?? device.service}
              <small>
                {device.rangAt
                  ? words('push.rang', { ago: formats.ago(device.rangAt) })
                  : words('push.since', { ago: formats.ago(device.createdAt) })}
              </small>
            </span>
            <button
              type="button"
              className="small"
              aria-label={words('push.removeNamed', { device: device.device ?? device.service })}
              onClick={() => remove.mutate(device.subscriptionId)}
            >
              {words('push.remove')}
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}
