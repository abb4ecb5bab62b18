import { createWebhookShell } from '@varai/ingest'
import { runService } from '@varai/runtime'
import { startBrillo } from './start-brillo.ts'

runService({ name: 'ingest-brillo', start: (lifecycle) => startBrillo(lifecycle, createWebhookShell) })
