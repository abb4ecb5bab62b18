/** An error as it may be shown: in a log line or a health answer. */
export type DescribedError = {
  readonly type: string
  readonly message: string
  readonly code?: string | number
  readonly stack?: string
  readonly causes?: readonly string[]
}

/**
 * Reduces anything thrown to what may be kept. Own properties are dropped: database errors carry the documents they
 * failed on. The message is masked: a duplicate key error quotes the key, which may be somebody's e-mail.
 */
export function describeError(error: unknown): DescribedError {
  if (!(error instanceof Error)) return { type: typeof error, message: maskText(String(error)) }
  const code =
    'code' in error && (typeof error.code === 'string' || typeof error.code === 'number') ? error.code : undefined
  const causes = causesOf(error)
  return {
    type: error.name,
    message: maskText(error.message),
    ...(code === undefined ? {} : { code }),
    ...(error.stack === undefined ? {} : { stack: framesOf(error.stack) }),
    ...(causes.length === 0 ? {} : { causes }),
  }
}

/** What went wrong in one line, masked, with its causes. */
export function errorText(error: unknown): string {
  if (!(error instanceof Error)) return maskText(String(error))
  return [maskText(error.message) || error.name, ...causesOf(error)].join(': ')
}

/** Replaces e-mail addresses, credentials in URLs, quoted duplicate keys; cuts what is longer than 1,000 characters. */
export function maskText(text: string): string {
  return text
    .slice(0, 1_000)
    .replace(/(dup key: )\{.*\}/gs, '$1{…}')
    .replace(/\b([a-z][a-z0-9+.-]*:\/\/)[^\s/@]*@/gi, '$1…@')
    .replace(/[^\s@"'<>(){}[\],;:=]+@[^\s@"'<>(){}[\],;:=]+\.[^\s@"'<>(){}[\],;:=]+/g, '…@…')
}

/** Only the frames: the first lines of a stack repeat the message, unmasked. */
const framesOf = (stack: string): string =>
  stack
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .join('\n')

function causesOf(error: Error): string[] {
  const texts: string[] = []
  const pending: unknown[] = []
  const push = (of: Error) => {
    if (of instanceof AggregateError) pending.push(...of.errors)
    if (of.cause !== undefined) pending.push(of.cause)
  }
  push(error)
  while (pending.length > 0 && texts.length < 10) {
    const cause = pending.shift()
    texts.push(maskText(cause instanceof Error ? cause.message || cause.name : String(cause)))
    if (cause instanceof Error) push(cause)
  }
  return texts
}
