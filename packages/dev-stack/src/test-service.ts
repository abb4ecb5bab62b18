// A service as small as they come, for tests of the supervisor: ready 100 ms after its start, and one path each for
// ending badly and for telling its pid. With REFUSE it says why it cannot start, as a service with a wrong setting does.
import { createServer } from 'node:http'

if (process.env['REFUSE']) {
  console.error(`config: ${process.env['REFUSE']}`)
  process.exit(1)
}
const began = Date.now()
createServer((request, response) => {
  if (request.url === '/readyz') response.writeHead(Date.now() - began < 100 ? 503 : 200).end()
  else if (request.url === '/crash') {
    console.error('it went wrong on purpose')
    process.exit(3)
  } else response.end(String(process.pid))
}).listen(Number(process.env['PORT']), '127.0.0.1')
process.once('SIGTERM', () => process.exit(0))
