<?php
declare(strict_types=1);

namespace Varai\Sync\WooCommerce\Core;

/** What this plugin can have told: WooCommerce's own topics, and two of ours. */
final class Topics
{
    public const SESSION = 'varai_ai_session.completed';
    public const FACE_ANALYSIS = 'varai_face_analysis.completed';
    /** Our topics and the actions that fire them. */
    public const OURS = [
        self::SESSION => 'varai_ai_session_completed',
        self::FACE_ANALYSIS => 'varai_face_analysis_completed',
    ];
    /** What is told when the owner has chosen nothing yet. */
    public const USUAL = ['orders', 'customers', 'products', 'ai_sessions', 'face_analyses'];
    /** By what the owner chooses. */
    public const GROUPS = [
        'orders' => ['order.created', 'order.updated', 'order.deleted', 'order.restored'],
        'customers' => ['customer.created', 'customer.updated', 'customer.deleted'],
        'products' => ['product.created', 'product.updated', 'product.deleted', 'product.restored'],
        'ai_sessions' => [self::SESSION],
        'face_analyses' => [self::FACE_ANALYSIS],
        // These only name what they are about, and whoever gets them has to ask the shop with API keys.
        'actions' => [
            'action.woocommerce_order_status_completed',
            'action.woocommerce_new_customer',
            'action.woocommerce_update_product',
        ],
    ];

    /**
     * @param list<string> $groups
     * @return list<string>
     */
    public static function of(array $groups): array
    {
        return array_merge(...array_values(array_intersect_key(self::GROUPS, array_flip($groups))), ...[[]]);
    }
}
