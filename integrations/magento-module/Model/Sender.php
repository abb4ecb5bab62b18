<?php
declare(strict_types=1);

namespace Varai\Sync\Model;

use DateTimeImmutable;
use DateTimeZone;
use Generator;
use GuzzleHttp\ClientFactory;
use GuzzleHttp\Pool;
use GuzzleHttp\Psr7\Request;
use Psr\Http\Message\ResponseInterface;
use Psr\Log\LoggerInterface;
use Throwable;
use Varai\Sync\Core\Attempt;
use Varai\Sync\Core\Document;
use Varai\Sync\Core\Message;
use Varai\Sync\Core\RetryPlan;

/** Posts what is due, several at once, and notes what became of it. Two may run at a time. */
class Sender
{
    private const RUN_SECONDS = 50;
    private const BATCH = 40;
    private const AT_ONCE = 8;
    private const TIMEOUT_SECONDS = 10;

    public function __construct(
        private Outbox $outbox,
        private Settings $settings,
        private Documents $documents,
        private ClientFactory $clients,
        private LoggerInterface $log,
    ) {}

    /** Ends when nothing is due, when nobody answers, or after less than a minute. */
    public function run(): void
    {
        $end = time() + self::RUN_SECONDS;
        do {
            $rows = $this->outbox->claim(self::BATCH);
            $acknowledged = $this->send($rows);
        } while (count($rows) === self::BATCH && $acknowledged > 0 && time() < $end);
    }

    /** Returns how many were acknowledged. */
    private function send(array $rows): int
    {
        $acknowledged = 0;
        $client = $this->clients->create([
            'config' => [
                'timeout' => self::TIMEOUT_SECONDS,
                'connect_timeout' => 5,
                'allow_redirects' => false,
                'http_errors' => false,
            ],
        ]);
        $settle = function (int $index, Attempt $attempt) use ($rows, &$acknowledged): void {
            $acknowledged += $this->settle($rows[$index], $attempt) ? 1 : 0;
        };
        $pool = new Pool($client, $this->requests($rows), [
            'concurrency' => self::AT_ONCE,
            'fulfilled' => function (ResponseInterface $response, int $index) use ($settle): void {
                $attempt = new Attempt(
                    $response->getStatusCode(),
                    $response->getHeaderLine('Retry-After') ?: null,
                    "answered with {$response->getStatusCode()}",
                );
                $settle($index, $attempt);
            },
            'rejected' => function (mixed $reason, int $index) use ($settle): void {
                $problem = $reason instanceof Throwable ? $reason->getMessage() : 'no answer';
                $settle($index, new Attempt(null, null, $problem));
            },
        ]);
        $pool->promise()->wait();
        return $acknowledged;
    }

    /**
     * Made one by one as they are sent, so that each is signed for its own moment.
     *
     * @return Generator<int, Request>
     */
    private function requests(array $rows): Generator
    {
        foreach ($rows as $index => $row) {
            try {
                $target = $this->settings->target((int) $row['config_store_id']);
                if ($target === null) {
                    $this->settle($row, new Attempt(null, null, 'the module is off or not set up for this store'));
                    continue;
                }
                $body = $row['body'] ?? $this->read($row);
                if ($body === null) {
                    $this->outbox->remove($row);
                    continue;
                }
                $message = new Message($target->storeId, $row['topic'], $row['event_id'], $body);
                yield $index => new Request(
                    'POST',
                    $target->endpoint,
                    $message->headers($target->secret, time()),
                    $body,
                );
            } catch (Throwable $problem) {
                $this->settle($row, new Attempt(null, null, 'could not be read: ' . $problem->getMessage()));
            }
        }
    }

    /** Null when the entity is gone: its deletion has a row of its own. */
    private function read(array $row): ?string
    {
        $savedAt = new DateTimeImmutable('now', new DateTimeZone('UTC'));
        $document = $this->documents->read($row['topic'], (int) $row['entity_id'], (int) $row['config_store_id']);
        if ($document === null) {
            return null;
        }
        $body = Document::encode($row['topic'], $document, $savedAt);
        $this->outbox->keepBody($row, $body);
        return $body;
    }

    /** True when it was acknowledged. */
    private function settle(array $row, Attempt $attempt): bool
    {
        $now = time();
        $attempts = (int) $row['attempts'] + 1;
        $firstAttemptAt = (int) ($row['first_attempt_at'] ?? $now);
        $plan = RetryPlan::after($attempt, $attempts, $firstAttemptAt, $now, mt_rand() / mt_getrandmax());
        if ($plan['outcome'] === RetryPlan::DELIVERED) {
            $this->outbox->remove($row);
            return true;
        }
        if ($plan['outcome'] === RetryPlan::DEAD) {
            $this->outbox->bury($row, $attempts, $attempt->problem);
            $this->log->critical('Varai Sync: given up after a week', [
                'topic' => $row['topic'],
                'entity_id' => $row['entity_id'],
                'event_id' => $row['event_id'],
                'attempts' => $attempts,
                'problem' => $attempt->problem,
            ]);
            return false;
        }
        $this->outbox->tryAgain($row, $attempts, $firstAttemptAt, $plan['at'], $attempt->problem);
        return false;
    }
}
