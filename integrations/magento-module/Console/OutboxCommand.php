<?php
declare(strict_types=1);

namespace Varai\Sync\Console;

use Symfony\Component\Console\Command\Command;
use Symfony\Component\Console\Input\InputInterface;
use Symfony\Component\Console\Input\InputOption;
use Symfony\Component\Console\Output\OutputInterface;
use Varai\Sync\Model\Outbox;

class OutboxCommand extends Command
{
    public function __construct(private Outbox $outbox)
    {
        parent::__construct('varai:outbox');
    }

    protected function configure(): void
    {
        $this->setDescription('What Varai Sync has not acknowledged yet');
        $this->addOption('revive', null, InputOption::VALUE_NONE, 'Send what was given up');
    }

    protected function execute(InputInterface $input, OutputInterface $output): int
    {
        if ($input->getOption('revive')) {
            $output->writeln("{$this->outbox->revive()} are tried again.");
        }
        $state = $this->outbox->state();
        $since =
            $state['oldest'] === null ? '' : ', the oldest since ' . gmdate('Y-m-d H:i:s', $state['oldest']) . ' UTC';
        $output->writeln("{$state['waiting']} waiting$since; {$state['dead']} given up.");
        if ($state['problem'] !== null) {
            $output->writeln("Last problem: {$state['problem']}");
        }
        return 0;
    }
}
