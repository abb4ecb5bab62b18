<?php
declare(strict_types=1);

namespace Varai\Sync\WooCommerce\Core;

/** Which AI session and which recommendations a cart comes from. */
final class Journey
{
    /** @param list<string> $recommendationIds */
    private function __construct(public readonly ?string $sessionId, public readonly array $recommendationIds) {}

    /** From what a browser or the shop's session says: `{aiSessionId, recommendationIds}`. */
    public static function read(mixed $given): self
    {
        $fields = is_array($given) ? $given : [];
        return new self(Field::id($fields['aiSessionId'] ?? null), Field::ids($fields['recommendationIds'] ?? null));
    }

    public function isEmpty(): bool
    {
        return $this->sessionId === null && $this->recommendationIds === [];
    }

    /** A newer session replaces the older one; recommendations of the same session are united. */
    public function followedBy(self $next): self
    {
        $isSame = $next->sessionId === null || $next->sessionId === $this->sessionId;
        return new self(
            $next->sessionId ?? $this->sessionId,
            Field::ids([...$isSame ? $this->recommendationIds : [], ...$next->recommendationIds]),
        );
    }

    public function toArray(): array
    {
        return ['aiSessionId' => $this->sessionId, 'recommendationIds' => $this->recommendationIds];
    }

    /** @return array<string, string> Meta data of the order. */
    public function orderMeta(): array
    {
        return Field::compact([
            '_varai_ai_session_id' => $this->sessionId,
            '_varai_recommendation_ids' =>
                $this->recommendationIds === [] ? null : json_encode($this->recommendationIds),
        ]);
    }
}
