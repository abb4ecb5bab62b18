<?php
declare(strict_types=1);

namespace Varai\Sync\WooCommerce;

use Varai\Sync\WooCommerce\Core\AiRecords;
use Varai\Sync\WooCommerce\Core\Field;
use Varai\Sync\WooCommerce\Core\Topics;

defined('ABSPATH') || exit();

/** Takes what assistants hand over: sanitised first, then kept, then told. */
final class Intake
{
    public function __construct(private Settings $settings, private Records $records) {}

    /** Whether it names a session and could be kept. */
    public function session(array $given): bool
    {
        $session = AiRecords::session($given, $this->settings->sendsConversations());
        return $this->tell(Topics::SESSION, 'session', $session);
    }

    public function faceAnalysis(array $given): bool
    {
        return $this->tell(Topics::FACE_ANALYSIS, 'faceAnalysis', AiRecords::faceAnalysis($given));
    }

    private function tell(string $topic, string $name, ?array $record): bool
    {
        if ($record === null) {
            return false;
        }
        // Who it is says the shop, never the browser.
        $userId = get_current_user_id();
        $document = [
            'id' => wp_generate_uuid4(),
            'event' => Topics::OURS[$topic],
            'occurredAt' => Field::time((int) (microtime(true) * 1000)),
            $name => $userId > 0 ? [...$record, 'customerId' => (string) $userId] : $record,
        ];
        $id = $this->records->add($topic, $document);
        if ($id === 0) {
            return false;
        }
        /**
         * An AI session or a face analysis was completed: `varai_ai_session_completed`, `varai_face_analysis_completed`.
         *
         * @param int   $id       Under which it is kept until it was acknowledged.
         * @param array $document What is sent, sanitised.
         */
        do_action(Topics::OURS[$topic], $id, $document);
        return true;
    }
}
