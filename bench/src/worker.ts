import { type ChildProcess, fork } from 'node:child_process'
import type { z } from 'zod'

/**
 * A process of this bench that does one thing when asked, and ends with the process that started it: what is measured
 * must not share an event loop with what measures it.
 */
export type Worker<Question, Answer> = {
  readonly pid: number
  /** One question at a time. Rejects when the worker fails, ends, or takes longer than `withinMs`. */
  ask(question: Question, withinMs: number): Promise<Answer>
  stop(): Promise<void>
}

type Reply = { readonly ok: boolean; readonly value: unknown }

/** Starts `entry`, a file that calls {@link answerAsks}; resolves when it says that it is ready, within a minute. */
export async function startWorker<Question extends object, Answer>(
  entry: string,
  args: readonly string[],
  options: { readonly answers: z.ZodType<Answer>; readonly env?: NodeJS.ProcessEnv },
): Promise<Worker<Question, Answer>> {
  const child = fork(entry, [...args], {
    env: options.env ?? process.env,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const { pid } = child
  if (pid === undefined) throw new Error(`${entry} could not be started`)
  try {
    await nextReply(child, 60_000)
  } catch (error) {
    child.kill('SIGKILL')
    throw error
  }
  return {
    pid,
    async ask(question, withinMs) {
      const reply = nextReply(child, withinMs)
      child.send(question)
      return options.answers.parse(await reply)
    },
    async stop() {
      if (child.connected) child.disconnect()
      const patience = setTimeout(() => child.kill('SIGKILL'), 10_000)
      await ended
      clearTimeout(patience)
    },
  }
}

async function nextReply(child: ChildProcess, withinMs: number): Promise<unknown> {
  const { promise, resolve, reject } = Promise.withResolvers<unknown>()
  const late = setTimeout(() => reject(new Error(`a worker did not answer within ${withinMs} ms`)), withinMs)
  const gone = (code: number | null) => reject(new Error(`a worker ended with ${code}`))
  const heard = (message: unknown) => {
    const { ok, value } = message as Reply
    if (ok) resolve(value)
    else reject(new Error(String(value)))
  }
  child.once('exit', gone)
  child.once('message', heard)
  try {
    return await promise
  } finally {
    clearTimeout(late)
    child.off('exit', gone)
    child.off('message', heard)
  }
}

/** In the worker: prepares, says that it is ready, and answers until its parent lets go of it. */
export async function answerAsks<Question>(
  questions: z.ZodType<Question>,
  prepare: () => Promise<{ answer: (question: Question) => Promise<object>; close?: () => Promise<void> }>,
): Promise<void> {
  const reply = (message: Reply) => process.send?.(message)
  const gone = new Promise<void>((resolve) => process.once('disconnect', () => resolve()))
  let close: (() => Promise<void>) | undefined
  try {
    const prepared = await prepare()
    close = prepared.close
    process.on('message', (message) => {
      Promise.resolve(message)
        .then((question) => prepared.answer(questions.parse(question)))
        .then(
          (value) => reply({ ok: true, value }),
          (error: unknown) => reply({ ok: false, value: error instanceof Error ? error.stack : String(error) }),
        )
    })
    reply({ ok: true, value: 'ready' })
  } catch (error) {
    reply({ ok: false, value: error instanceof Error ? error.stack : String(error) })
  }
  await gone
  await close?.()
  process.exit()
}
