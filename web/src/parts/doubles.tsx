import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { doublesOf } from '../api/desk';
import type { Approach, Double, Doubles as Found, ProductGap } from '../api/shapes';
import { useFormats } from '../formats';
import { useWords } from '../language';
import { Empty, Loading, Trouble } from './states';

/** The accounts most like this one: what they buy and it does not, and what worked with them. */
export function Doubles({ accountId }: { accountId: string }) {
  const words = useWords();
  const found = useQuery({ queryKey: ['doubles', accountId], queryFn: () => doublesOf(accountId) });
  if (found.isPending) return <Loading />;
  if (found.error) return <Trouble cause={found.error} retry={() => void found.refetch()} />;
  const { because, products, approaches } = found.data;
  if (because !== null)
    return <Empty title={words(`doubles.${because}`, { least: found.data.leastDoubles })} />;
  return (
    <div className="doubles">
      <Summary found={found.data} />
      <Products products={products} days={found.data.comparedDays} />
      <Approaches approaches={approaches} />
      <Accounts found={found.data} />
    </div>
  );
}

function Summary({ found }: { found: Found }) {
  const words = useWords();
  const formats = useFormats();
  const count = found.doubles.length + found.hiddenDoubles;
  return (
    <p className="quiet-text">
      {words(`doubles.by.${found.basis?.by ?? 'features'}`, { count })}{' '}
      {found.asOf !== null && words('doubles.asOf', { time: formats.time(found.asOf) })}
    </p>
  );
}

function Products({ products, days }: { products: readonly ProductGap[]; days: number }) {
  const words = useWords();
  const formats = useFormats();
  return (
    <section>
      <h2>{words('doubles.products')}</h2>
      {products.length === 0 ? (
        <p className="quiet-text">{words('doubles.noProducts')}</p>
      ) : (
        <div className="table-scroll">
          <table>
            <thead>
              <tr>
                <th scope="col">{words('doubles.product')}</th>
                <th scope="col">{words('doubles.boughtBy')}</th>
                <th scope="col">{words('doubles.theirs', { days: formats.number(days) })}</th>
                <th scope="col">{words('doubles.own')}</th>
                <th scope="col">{words('doubles.gap')}</th>
              </tr>
            </thead>
            <tbody>
              {products.map((gap) => (
                <tr key={gap.productId}>
                  <th scope="row">{gap.name ?? gap.productId}</th>
                  <td>{formats.percent(gap.boughtByShare)}</td>
                  <td>{formats.number(gap.medianValue)}</td>
                  <td>{formats.number(gap.ownValue)}</td>
                  <td>
                    <strong>{formats.number(gap.gap)}</strong>{' '}
                    <small>
                      {words('doubles.between', between(gap.gapLow, gap.gapHigh, formats.number))}
                    </small>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

function Approaches({ approaches }: { approaches: readonly Approach[] }) {
  const words = useWords();
  const formats = useFormats();
  return (
    <section>
      <h2>{words('doubles.approaches')}</h2>
      {approaches.length === 0 ? (
        <p className="quiet-text">{words('doubles.noApproaches')}</p>
      ) : (
        <ul className="approaches">
          {approaches.map((one) => (
            <li key={`${one.actionId} ${one.channelId}`}>
              <div>
                <strong>{one.actionName ?? one.actionId}</strong>{' '}
                <small>{one.channelName ?? one.channelId}</small>
              </div>
              <Likely low={one.low} rate={one.rate} high={one.high} />
              <div>
                {words('doubles.worked', {
                  tried: formats.number(one.tried),
                  succeeded: formats.number(one.succeeded),
                })}{' '}
                <small>{words('doubles.between', between(one.low, one.high, formats.percent))}</small>
              </div>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

const between = (low: number, high: number, shown: (value: number) => string) => ({
  low: shown(low),
  high: shown(high),
});

/** A rate as a mark, and how sure of it one can be as a bar. The numbers stand beside it. */
function Likely({ low, rate, high }: { low: number; rate: number; high: number }) {
  return (
    <svg className="likely" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
      <rect className="likely-all" width="100" height="8" rx="2" />
      <rect className="likely-range" x={100 * low} width={100 * (high - low)} height="8" />
      <rect className="likely-rate" x={Math.min(98, 100 * rate)} width="2" height="8" />
    </svg>
  );
}

function Accounts({ found }: { found: Found }) {
  const words = useWords();
  return (
    <section>
      <h2>{words('doubles.accounts')}</h2>
      <ul className="doubles-list">
        {found.doubles.map((double) => (
          <DoubleRow key={double.accountId} double={double} />
        ))}
      </ul>
      {found.hiddenDoubles > 0 && (
        <p className="quiet-text">{words('doubles.hidden', { count: found.hiddenDoubles })}</p>
      )}
    </section>
  );
}

function DoubleRow({ double }: { double: Double }) {
  const words = useWords();
  const formats = useFormats();
  const shared = double.shared.map(({ name, value }) => (value === null ? name : `${name} ${value}`));
  return (
    <li>
      <Link href={`/accounts/${encodeURIComponent(double.accountId)}`}>
        {double.name ?? double.accountId}
      </Link>
      <span>{words('doubles.similar', { share: formats.percent(double.similarity) })}</span>
      {shared.length > 0 && <small>{words('doubles.shared', { list: shared.join(' · ') })}</small>}
    </li>
  );
}
