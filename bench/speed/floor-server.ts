import 'reflect-metadata';
import { Body, Controller, Module, Post } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Pool } from 'pg';

/**
 * The floor of a decision: a bare NestJS and Fastify route that reads one account's state and durably writes as many
 * bytes as a decision's record has. No feature, no rule, no model.
 */
const [databaseUrl, port, recordBytes] = process.argv.slice(2);
const pool = new Pool({ connectionString: databaseUrl, max: 12 });
const record = Buffer.alloc(Number(recordBytes), 7);

@Controller()
class FloorController {
  @Post('floor')
  async floor(@Body() body: { accountId: string }): Promise<{ accountId: string; bytes: number }> {
    const found = await pool.query<{ state: Buffer | null }>(
      'select state from account_state where account_id = $1',
      [body.accountId],
    );
    await pool.query('insert into bench_floor (account_id, at, record) values ($1, clock_timestamp(), $2)', [
      body.accountId,
      record,
    ]);
    return { accountId: body.accountId, bytes: found.rows[0]?.state?.length ?? 0 };
  }
}

@Module({ controllers: [FloorController] })
class FloorModule {}

const app = await NestFactory.create<NestFastifyApplication>(FloorModule, new FastifyAdapter(), {
  logger: false,
});
await app.listen(Number(port), '127.0.0.1');
process.stdout.write('ready\n');
