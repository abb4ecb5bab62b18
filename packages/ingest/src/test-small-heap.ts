// A thread of little memory that parses what it was given, for tests.
import { parentPort, workerData } from 'node:worker_threads'
import { parseLossless } from './pure/parse-lossless.ts'

parentPort?.postMessage(parseLossless(Buffer.from(workerData)).ok)
