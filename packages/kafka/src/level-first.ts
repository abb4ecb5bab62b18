import type { Middleware, Response } from './ask-registry.ts'

/**
 * Makes one `register` of the registry client set the compatibility level before it sends the schema. The client asks
 * for the level, sends the schema and sets the level last, and only where none was set. Were it killed in between, the
 * subject would stay without a level: at the next start its schema is known and nothing is registered. So the schema is
 * held back until the level is set, also where the subject has another level or shows the registry's default.
 */
export function levelFirst(level: string): { middleware: Middleware; answer(): Response | undefined } {
  let withoutLevel: Response | undefined
  let sendSchema: (() => Promise<Response>) | undefined
  let registered: Response | undefined

  const middleware: Middleware = ({ resourceMethod }) => ({
    async response(next) {
      if (resourceMethod === 'register' && withoutLevel !== undefined) {
        sendSchema = next
        return withoutLevel.enhance({ status: 200, rawData: '{}' })
      }
      const answer = await next()
      if (resourceMethod === 'config') {
        if (levelOf(answer) === level) return answer
        withoutLevel = asAbsent(answer)
        return withoutLevel
      }
      if (resourceMethod === 'updateConfig' && answer.status() !== 200) return answer
      // A refused schema is thus heard as the answer to the client's PUT, of which it reads nothing else.
      registered = sendSchema === undefined ? answer : await sendSchema()
      return registered
    },
  })
  return { middleware, answer: () => registered }
}

const levelOf = (answer: Response) => answer.data<Record<string, unknown>>()['compatibilityLevel']

/** The client gives up where a subject has another level; one without any it takes for new. */
const asAbsent = (answer: Response): Response =>
  answer.status() === 200 ? answer.enhance({ status: 404, rawData: '{"error_code":40408}' }) : answer
