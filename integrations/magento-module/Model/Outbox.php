<?php
declare(strict_types=1);

namespace Varai\Sync\Model;

use Magento\Framework\App\ResourceConnection;
use Varai\Sync\Core\EventId;

/**
 * What Varai Sync has not acknowledged yet. A row leaves only by that, or when its entity is gone and its deletion has a
 * row of its own. All times in unix seconds.
 */
class Outbox
{
    private const TABLE = 'varai_sync_outbox';
    /** Longer than the slowest batch takes; whoever dies with rows in hand gives them back after it. */
    private const LEASE_SECONDS = 300;

    public function __construct(private ResourceConnection $resource) {}

    /**
     * Many saves of one entity before it is sent are one row: what is sent is read afterwards. `$body` is given where it
     * cannot be read afterwards.
     */
    public function add(string $topic, int $entityId, int $configStoreId, ?string $body = null): void
    {
        $now = time();
        $row = [
            'event_id' => EventId::create(),
            'topic' => $topic,
            'entity_id' => $entityId,
            'config_store_id' => $configStoreId,
            'waiting_key' => "$topic:$configStoreId:$entityId",
            'body' => $body,
            'created_at' => $now,
            'next_attempt_at' => $now,
        ];
        $this->resource->getConnection()->insertOnDuplicate($this->table(), $row, ['waiting_key']);
    }

    /**
     * Takes rows that are due, so that no other process has them meanwhile.
     *
     * @return list<array<string, mixed>>
     */
    public function claim(int $limit): array
    {
        $connection = $this->resource->getConnection();
        $token = EventId::create();
        $now = time();
        // Without its waiting key a row takes no further saves: what it will say is read after this.
        $connection->query(
            "UPDATE {$connection->quoteIdentifier($this->table())}
             SET lease_token = ?, lease_until = ?, waiting_key = NULL
             WHERE state = 'waiting' AND next_attempt_at <= ? AND lease_until <= ? ORDER BY id LIMIT " . max(1, $limit),
            [$token, $now + self::LEASE_SECONDS, $now, $now],
        );
        $select = $connection->select()->from($this->table())->where('lease_token = ?', $token)->order('id');
        return array_values($connection->fetchAll($select));
    }

    /** From now on these bytes are what is sent, on every retry. */
    public function keepBody(array $row, string $body): void
    {
        $this->update($row, ['body' => $body]);
    }

    public function remove(array $row): void
    {
        $this->resource->getConnection()->delete($this->table(), $this->owned($row));
    }

    public function tryAgain(array $row, int $attempts, int $firstAttemptAt, int $at, string $problem): void
    {
        $this->update($row, [
            'attempts' => $attempts,
            'first_attempt_at' => $firstAttemptAt,
            'next_attempt_at' => $at,
            'lease_until' => 0,
            'lease_token' => null,
            'last_problem' => mb_substr($problem, 0, 255),
        ]);
    }

    /** Kept for a person to look at, without personal data: when it is sent again after all, it is read again. */
    public function bury(array $row, int $attempts, string $problem): void
    {
        $isDeletion = str_ends_with((string) $row['topic'], '.deleted');
        $this->update($row, [
            'state' => 'dead',
            'attempts' => $attempts,
            'body' => $isDeletion ? $row['body'] : null,
            'lease_until' => 0,
            'lease_token' => null,
            'last_problem' => mb_substr($problem, 0, 255),
        ]);
    }

    /** Gives the dead another week. Returns how many. */
    public function revive(): int
    {
        $again = ['state' => 'waiting', 'attempts' => 0, 'first_attempt_at' => null, 'next_attempt_at' => time()];
        return (int) $this->resource->getConnection()->update($this->table(), $again, ['state = ?' => 'dead']);
    }

    /** @return array{waiting: int, dead: int, oldest: int|null, problem: string|null} `oldest`: when it was added. */
    public function state(): array
    {
        $connection = $this->resource->getConnection();
        $counted = $connection->fetchPairs("SELECT state, COUNT(*) FROM {$this->table()} GROUP BY state");
        $oldest = $connection->fetchRow(
            "SELECT created_at, last_problem FROM {$this->table()} WHERE state = 'waiting' ORDER BY id LIMIT 1",
        );
        return [
            'waiting' => (int) ($counted['waiting'] ?? 0),
            'dead' => (int) ($counted['dead'] ?? 0),
            'oldest' => $oldest ? (int) $oldest['created_at'] : null,
            'problem' => $oldest ? $oldest['last_problem'] : null,
        ];
    }

    private function update(array $row, array $values): void
    {
        $this->resource->getConnection()->update($this->table(), $values, $this->owned($row));
    }

    /** Whoever lost the lease changes nothing any more. */
    private function owned(array $row): array
    {
        return ['id = ?' => $row['id'], 'lease_token = ?' => $row['lease_token']];
    }

    private function table(): string
    {
        return $this->resource->getTableName(self::TABLE);
    }
}
