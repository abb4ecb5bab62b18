/** What the page's own marks say: `data-varai="product_clicked" data-varai-product="1" data-varai-position="2"`. */
export type Mark = { readonly event: string | undefined; readonly data: object }

const viewed = '[data-varai=product_viewed]'

/** Says each value under all the names it could have; what leaves the page is chosen from them. */
function markOf({ dataset }: HTMLElement): Mark {
  const data: Record<string, unknown> = {}
  const properties: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(dataset)) {
    const field = name.replace(/^varai(.)/, (_, first: string) => first.toLowerCase())
    data[field] = data[`${field}Id`] = properties[field] = value
  }
  return { event: dataset['varai'], data: { ...data, properties } }
}

/** What the page shows. */
export const viewsIn = (page: Document): Mark[] => [...page.querySelectorAll<HTMLElement>(viewed)].map(markOf)

/** What was clicked: the innermost mark. */
export function clickOn(target: EventTarget | null): Mark | undefined {
  const marked = target instanceof Element && target.closest<HTMLElement>(`[data-varai]:not(${viewed})`)
  return marked ? markOf(marked) : undefined
}
