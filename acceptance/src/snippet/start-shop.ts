import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'

/** A shop of static pages under the strictest policy that lets the snippet in, and with the cart of a Shopify theme. */
export async function startShop(collector: () => string) {
  const cart: { attributes: Record<string, string>; updates: number } = { attributes: {}, updates: 0 }

  const server = createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://shop')
    if (pathname === '/cart.js') {
      response.setHeader('content-type', 'application/json').end(JSON.stringify({ attributes: cart.attributes }))
    } else if (pathname === '/cart/update.js') {
      const { attributes }: { attributes: Record<string, string> } = JSON.parse(await bodyOf(request))
      // As Shopify: the whole set is another one, and what is empty is gone.
      cart.attributes = Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== ''))
      cart.updates += 1
      response.setHeader('content-type', 'application/json').end('{}')
    } else if (pathname === '/page') {
      const nonce = randomBytes(16).toString('base64')
      const shopify = searchParams.has('shopify')
      response.writeHead(200, {
        'content-type': 'text/html; charset=utf-8',
        'content-security-policy': [
          `default-src 'none'; script-src 'nonce-${nonce}'; connect-src ${collector()}${shopify ? " 'self'" : ''}`,
          "base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
        ].join('; '),
        // Under it a beacon would not tell its origin.
        'referrer-policy': 'same-origin',
      })
      response.end(page({ nonce, shopify, collector: collector(), consent: searchParams.get('consent') }))
    } else response.writeHead(204).end()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the shop has no port')
  return {
    origin: `http://127.0.0.1:${address.port}`,
    cart,
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

type Page = { nonce: string; shopify: boolean; collector: string; consent: string | null }

const page = ({ nonce, shopify, collector, consent }: Page): string => `<!doctype html>
<title>Aalto</title>
<script nonce="${nonce}">
  ${shopify ? "window.Shopify = { routes: { root: '/' } }" : ''}
  window.violations = []
  document.addEventListener('securitypolicyviolation', (event) => violations.push(event.violatedDirective))
  window.varai ??= (...call) => (window.varai.q ??= []).push(call)
</script>
<script async nonce="${nonce}" src="${collector}/varai.js" data-varai-key="pk_atelier" data-varai-region="EU"
  ${consent === null ? '' : `data-varai-consent="${consent}"`} ${shopify ? 'data-varai-cart' : ''}></script>
<main data-varai="product_viewed" data-varai-product="p-1" data-varai-variant="v-1">
  <a id="recommended" href="#recommended" data-varai="recommendation_clicked" data-varai-product="p-2"
    data-varai-recommendation="rec-1" data-varai-position="2"><b>Bodo</b></a>
  <button id="try-on" data-varai="virtual_try_on_started" data-varai-product="p-1" data-varai-camera="front">Try on</button>
</main>`

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}
