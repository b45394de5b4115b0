/** Why the API gave no answer, in words for the person in front of the page. */
export class AskFailure extends Error {
  constructor(
    /** HTTP status; 0 when the gateway could not be reached. */
    readonly status: number,
    /** The stable word of the problem, as docs/api.md lists them; empty when there is none. */
    readonly reason: string,
    message: string,
  ) {
    super(message);
  }
}

/** Whether a gateway refused because it has no such resource, rather than no such row. */
export function isAbsent(failure: unknown): boolean {
  return failure instanceof AskFailure && failure.status === 404 && !failure.reason.startsWith('unknown_');
}

/** What a response that is no success says, from its problem document where it has one. */
export async function failureOf(response: Response): Promise<AskFailure> {
  const text = (await response.text()).slice(0, 2_000);
  let reason = '';
  let detail = text.slice(0, 300) || response.statusText;
  try {
    const problem = JSON.parse(text) as { reason?: unknown; detail?: unknown };
    if (typeof problem.reason === 'string') reason = problem.reason;
    if (typeof problem.detail === 'string') detail = problem.detail;
  } catch {
    // Not JSON: the text itself is the reason.
  }
  const asksForKey = response.status === 401 || response.status === 403;
  const advice = asksForKey ? ' Enter a read key with “Key” above.' : '';
  return new AskFailure(
    response.status,
    reason,
    `The gateway answered ${response.status}: ${detail}${advice}`,
  );
}
