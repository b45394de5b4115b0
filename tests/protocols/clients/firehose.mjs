// Amazon Data Firehose as its documentation ("HTTP endpoint delivery request and response specifications")
// shows its requests.

import { randomUUID } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { batches } from './beacons.mjs';

/** The delivery stream that the requests name. */
const STREAM = 'arn:aws:firehose:eu-central-1:123456789012:deliverystream/beacons';

/** Requests with so many records each, made at this time; Unix ms. */
export const deliveries = (records, size, timestamp) =>
  batches(records, size).map((batch) => delivery(batch, timestamp));

/** One request. A repetition is the same one again. */
export function delivery(records, timestamp, { accessKey = '', requestId = randomUUID() } = {}) {
  const body = {
    requestId,
    timestamp,
    records: records.map((record) => ({ data: Buffer.from(record).toString('base64') })),
  };
  return {
    method: 'POST',
    path: '/v1/firehose',
    headers: {
      'content-type': 'application/json',
      'content-encoding': 'gzip',
      'x-amz-firehose-protocol-version': '1.0',
      'x-amz-firehose-request-id': requestId,
      'x-amz-firehose-source-arn': STREAM,
      'x-amz-firehose-access-key': accessKey,
      'x-amz-firehose-common-attributes': '{"commonAttributes":{"deployment-context":"pre-prod-gamma"}}',
      'user-agent': 'Amazon Kinesis Data Firehose Agent/1.0',
    },
    body: gzipSync(JSON.stringify(body)),
  };
}

/**
 * What Firehose makes of an answer: taken, repeated until its retry duration is over, or given up.
 * Taken is only a 200 of JSON that names the request and the time, in that spelling.
 */
export async function verdict(response, requestId) {
  if (response.status === 413) return 'given up';
  const type = response.headers.get('content-type') ?? '';
  const body = type.startsWith('application/json') ? await response.json() : {};
  const isTaken = response.status === 200 && body.requestId === requestId && Number.isInteger(body.timestamp);
  return isTaken ? 'taken' : 'repeated';
}
