type Turn = { readonly role: string; readonly text: string | null }

/** What may be learnt of a conversation, whose contacts are masked: how long it was; never a word of it. */
export function featuresOf(turns: readonly Turn[]): { readonly turns: number; readonly shopperWords: number } {
  const said = turns.filter(({ role }) => role === 'shopper').map(({ text }) => text ?? '')
  const words = said.reduce((sum, text) => sum + (text.match(/[\p{L}\p{N}[\]]+/gu)?.length ?? 0), 0)
  return { turns: turns.length, shopperWords: words }
}
