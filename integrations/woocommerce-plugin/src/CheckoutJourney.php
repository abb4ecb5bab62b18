<?php
declare(strict_types=1);

namespace Varai\Sync\WooCommerce;

use Varai\Sync\WooCommerce\Core\Journey;
use WC_Order;

defined('ABSPATH') || exit();

/** Carries the AI session from the shopper's visit to the order, through either checkout. */
final class CheckoutJourney
{
    private const KEY = 'varai_journey';

    public function hook(): void
    {
        add_action('woocommerce_checkout_create_order', [$this, 'write']);
        add_action('woocommerce_store_api_checkout_update_order_meta', [$this, 'writeAndSave']);
        add_action('woocommerce_cart_emptied', [$this, 'forget']);
    }

    /** Before the classic checkout saves the order. */
    public function write($order): void
    {
        if (!($order instanceof WC_Order) || WC()->session === null) {
            return;
        }
        foreach (Journey::read(WC()->session->get(self::KEY))->orderMeta() as $key => $value) {
            $order->update_meta_data($key, $value);
        }
    }

    /** The checkout block has saved the order already. */
    public function writeAndSave($order): void
    {
        $this->write($order);
        if ($order instanceof WC_Order) {
            $order->save_meta_data();
        }
    }

    public function forget(): void
    {
        WC()->session?->set(self::KEY, null);
    }

    /** The shopper went on: adds to what is known of this visit. */
    public static function continue(Journey $next): void
    {
        if (WC()->session === null) {
            wc_load_cart();
        }
        $session = WC()->session;
        if ($session === null || $next->isEmpty()) {
            return;
        }
        if (method_exists($session, 'has_session') && !$session->has_session()) {
            $session->set_customer_session_cookie(true);
        }
        $session->set(self::KEY, Journey::read($session->get(self::KEY))->followedBy($next)->toArray());
    }
}
