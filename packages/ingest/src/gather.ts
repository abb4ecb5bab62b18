type Waiting<Question, Answer> = {
  readonly question: Question
  readonly resolve: (answer: Answer) => void
  readonly reject: (error: unknown) => void
}

/**
 * Turns many single questions into few: those of one turn of the event loop are asked together, at most `most` at once.
 * `askAll` answers them in their order; when it rejects, each of them does.
 */
export function gather<Question, Answer>(
  askAll: (questions: readonly Question[]) => Promise<readonly Answer[]>,
  most: number,
): (question: Question) => Promise<Answer> {
  let waiting: Waiting<Question, Answer>[] = []

  async function askTogether(together: readonly Waiting<Question, Answer>[]): Promise<void> {
    try {
      const answers = await askAll(together.map(({ question }) => question))
      for (const [index, { resolve, reject }] of together.entries()) {
        const answer = answers[index]
        if (answer === undefined) reject(new RangeError('there are fewer answers than questions'))
        else resolve(answer)
      }
    } catch (error) {
      for (const { reject } of together) reject(error)
    }
  }

  function askWaiting(): void {
    const all = waiting
    waiting = []
    for (let at = 0; at < all.length; at += most) void askTogether(all.slice(at, at + most))
  }

  return (question) =>
    new Promise((resolve, reject) => {
      if (waiting.length === 0) setImmediate(askWaiting)
      waiting.push({ question, resolve, reject })
    })
}
