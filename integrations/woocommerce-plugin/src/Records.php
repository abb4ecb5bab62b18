<?php
declare(strict_types=1);

namespace Varai\Sync\WooCommerce;

use Varai\Sync\WooCommerce\Core\ResendPlan;

defined('ABSPATH') || exit();

/** AI records, sanitised, until Varai Sync has acknowledged them. Times in unix seconds. */
final class Records
{
    /** @return int The row's number, which is what WooCommerce's queue carries. 0 when it could not be kept. */
    public function add(string $topic, array $document): int
    {
        global $wpdb;
        $now = time();
        $row = [
            'topic' => $topic,
            'document' => (string) wp_json_encode($document, JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE),
            'created_at' => $now,
            'attempts' => 1,
            'next_attempt_at' => ResendPlan::next(1, $now),
        ];
        $isKept = $wpdb->insert(self::table(), $row, ['%s', '%s', '%d', '%d', '%d']);
        return $isKept === false ? 0 : (int) $wpdb->insert_id;
    }

    /** The same document on every attempt, or null when it is not kept any more. */
    public function document(int $id, string $topic): ?array
    {
        global $wpdb;
        $text = $wpdb->get_var(
            $wpdb->prepare('SELECT document FROM %i WHERE id = %d AND topic = %s', self::table(), $id, $topic),
        );
        $document = is_string($text) ? json_decode($text, true) : null;
        return is_array($document) ? $document : null;
    }

    public function acknowledged(int $id): void
    {
        global $wpdb;
        $wpdb->delete(self::table(), ['id' => $id], ['%d']);
    }

    /** @return list<array{id: int, topic: string}> What is to be sent again, already counted as tried. */
    public function takeDue(int $limit): array
    {
        global $wpdb;
        $now = time();
        $rows = $wpdb->get_results(
            $wpdb->prepare(
                'SELECT id, topic, attempts FROM %i WHERE next_attempt_at <= %d ORDER BY id LIMIT %d',
                self::table(),
                $now,
                $limit,
            ),
            ARRAY_A,
        );
        $due = [];
        foreach ((array) $rows as $row) {
            $attempts = (int) $row['attempts'] + 1;
            $wpdb->update(
                self::table(),
                ['attempts' => $attempts, 'next_attempt_at' => ResendPlan::next($attempts, $now)],
                ['id' => (int) $row['id']],
                ['%d', '%d'],
                ['%d'],
            );
            $due[] = ['id' => (int) $row['id'], 'topic' => (string) $row['topic']];
        }
        return $due;
    }

    /** Returns how many were given up. */
    public function removeExpired(): int
    {
        global $wpdb;
        return (int) $wpdb->query(
            $wpdb->prepare('DELETE FROM %i WHERE created_at <= %d', self::table(), time() - ResendPlan::LIFETIME),
        );
    }

    /** @return array{count: int, oldest: int|null} */
    public function waiting(): array
    {
        global $wpdb;
        $row = $wpdb->get_row(
            $wpdb->prepare('SELECT COUNT(*) AS count, MIN(created_at) AS oldest FROM %i', self::table()),
            ARRAY_A,
        );
        return [
            'count' => (int) ($row['count'] ?? 0),
            'oldest' => isset($row['oldest']) ? (int) $row['oldest'] : null,
        ];
    }

    public static function createTable(): void
    {
        global $wpdb;
        require_once ABSPATH . 'wp-admin/includes/upgrade.php';
        $table = self::table();
        dbDelta("CREATE TABLE $table (
            id bigint(20) unsigned NOT NULL AUTO_INCREMENT,
            topic varchar(64) NOT NULL,
            document longtext NOT NULL,
            created_at bigint(20) unsigned NOT NULL,
            attempts int(10) unsigned NOT NULL,
            next_attempt_at bigint(20) unsigned NOT NULL,
            PRIMARY KEY  (id),
            KEY next_attempt_at (next_attempt_at)
        ) {$wpdb->get_charset_collate()};");
    }

    public static function dropTable(): void
    {
        global $wpdb;
        $wpdb->query($wpdb->prepare('DROP TABLE IF EXISTS %i', self::table()));
    }

    private static function table(): string
    {
        global $wpdb;
        return $wpdb->prefix . 'varai_sync_records';
    }
}
