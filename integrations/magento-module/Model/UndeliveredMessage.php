<?php
declare(strict_types=1);

namespace Varai\Sync\Model;

use Magento\Framework\AuthorizationInterface;
use Magento\Framework\Notification\MessageInterface;

/** Tells the owner, on every page of the admin, that Varai Sync does not hear this shop. */
class UndeliveredMessage implements MessageInterface
{
    private const WORRYING_SECONDS = 3600;

    /** @var array{waiting: int, dead: int, oldest: int|null, problem: string|null}|null */
    private ?array $state = null;

    public function __construct(private Outbox $outbox, private AuthorizationInterface $authorization) {}

    public function getIdentity()
    {
        return 'varai_sync_undelivered';
    }

    public function isDisplayed()
    {
        if (!$this->authorization->isAllowed('Varai_Sync::config')) {
            return false;
        }
        $state = $this->state();
        return $state['dead'] > 0 || ($state['oldest'] !== null && $state['oldest'] < time() - self::WORRYING_SECONDS);
    }

    public function getText()
    {
        $state = $this->state();
        return (string) __(
            'Varai Sync: %1 changes wait to be acknowledged and %2 were given up after a week. Last problem: %3. ' .
                'When it is mended, bin/magento varai:outbox --revive sends what was given up.',
            $state['waiting'],
            $state['dead'],
            htmlspecialchars($state['problem'] ?? '–', ENT_QUOTES | ENT_SUBSTITUTE),
        );
    }

    public function getSeverity()
    {
        return self::SEVERITY_MAJOR;
    }

    private function state(): array
    {
        return $this->state ??= $this->outbox->state();
    }
}
