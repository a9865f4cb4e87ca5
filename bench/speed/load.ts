import { Agent, request as httpRequest } from 'node:http';

export interface Call {
  method: 'GET' | 'POST';
  path: string;
  body?: string;
}

export interface LoadResult {
  calls: number;
  seconds: number;
  /** Milliseconds, in ascending order. */
  latencies: number[];
  failures: number;
}

/** Sends the calls over a fixed number of kept-alive connections, each sending its next as soon as it has its answer. */
export async function load(
  base: string,
  authorization: string,
  connections: number,
  calls: readonly Call[],
): Promise<LoadResult> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const latencies: number[] = [];
  let next = 0;
  let failures = 0;
  const lane = async (): Promise<void> => {
    for (;;) {
      const call = calls[next];
      next += 1;
      if (!call) return;
      const begun = performance.now();
      const status = await send(agent, base, authorization, call);
      latencies.push(performance.now() - begun);
      if (status >= 300) failures += 1;
    }
  };
  const begun = performance.now();
  await Promise.all(Array.from({ length: connections }, lane));
  const seconds = (performance.now() - begun) / 1000;
  agent.destroy();
  return { calls: calls.length, seconds, latencies: latencies.sort((a, b) => a - b), failures };
}

function send(agent: Agent, base: string, authorization: string, call: Call): Promise<number> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      `${base}${call.path}`,
      {
        agent,
        method: call.method,
        headers: {
          authorization,
          ...(call.body === undefined
            ? {}
            : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(call.body) }),
        },
      },
      (response) => {
        response.resume();
        response.on('end', () => resolve(response.statusCode ?? 0));
        response.on('error', reject);
      },
    );
    request.on('error', reject);
    request.end(call.body);
  });
}

/** Value below which a share of the sorted values lies. */
export function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN;
}
