<?php
declare(strict_types=1);

namespace Varai\Sync\Cron;

use Varai\Sync\Model\Sender;

class Send
{
    public function __construct(private Sender $sender) {}

    public function execute(): void
    {
        $this->sender->run();
    }
}
