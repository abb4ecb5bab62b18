<?php
declare(strict_types=1);

namespace Varai\Sync\Model;

use DateTimeImmutable;
use Psr\Log\LoggerInterface;
use Throwable;
use Varai\Sync\Core\Document;

/** Notes down what happened, for sending later. Never stands in the way of what happened. */
class Notebook
{
    public function __construct(private Outbox $outbox, private LoggerInterface $log) {}

    /** @param list<Target> $targets */
    public function saved(string $topic, int $entityId, array $targets): void
    {
        $this->note($topic, $entityId, $targets, fn(): ?string => null);
    }

    /**
     * @param list<Target> $targets
     * @param array<string, mixed> $named What still names it; the topic's allow-list applies.
     */
    public function deleted(string $topic, int $entityId, array $targets, array $named): void
    {
        $now = new DateTimeImmutable();
        $this->note($topic, $entityId, $targets, fn(): string => Document::encode($topic, $named, $now));
    }

    /** @param callable(): ?string $body */
    private function note(string $topic, int $entityId, array $targets, callable $body): void
    {
        try {
            foreach ($entityId > 0 ? $targets : [] as $target) {
                $this->outbox->add($topic, $entityId, $target->configStoreId, $body());
            }
        } catch (Throwable $problem) {
            // The save is committed already; polling finds what is not told here.
            $this->log->critical('Varai Sync: not noted', [
                'topic' => $topic,
                'entity_id' => $entityId,
                'problem' => $problem->getMessage(),
            ]);
        }
    }
}
