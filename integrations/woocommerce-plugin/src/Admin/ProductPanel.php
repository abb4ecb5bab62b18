<?php
declare(strict_types=1);

namespace Varai\Sync\WooCommerce\Admin;

use Varai\Sync\WooCommerce\Core\FrameFacts;
use WC_Admin_Meta_Boxes;
use WC_Product;

defined('ABSPATH') || exit();

/** The panel "Eyewear" of a product: facts about the frame, kept as `_varai_…`. */
final class ProductPanel
{
    private const TARGET = 'varai_sync_product_data';

    public function hook(): void
    {
        add_filter(
            'woocommerce_product_data_tabs',
            fn($tabs) => [
                ...(array) $tabs,
                'varai_sync' => ['label' => __('Eyewear', 'varai-sync'), 'target' => self::TARGET, 'priority' => 65],
            ],
        );
        add_action('woocommerce_product_data_panels', [$this, 'show']);
        add_action('woocommerce_admin_process_product_object', [$this, 'save']);
    }

    public function show(): void
    {
        global $product_object;
        if (!($product_object instanceof WC_Product)) {
            return;
        }
        echo '<div id="' .
            esc_attr(self::TARGET) .
            '" class="panel woocommerce_options_panel hidden"><div class="options_group">';
        foreach ($this->labels() as $name => [$label, $hint]) {
            woocommerce_wp_text_input([
                'id' => FrameFacts::key($name),
                'label' => $label,
                'value' => (string) $product_object->get_meta(FrameFacts::key($name)),
                'description' => $hint,
                'desc_tip' => true,
            ]);
        }
        echo '</div></div>';
    }

    /** WooCommerce saves the product afterwards. */
    public function save($product): void
    {
        $nonce = isset($_POST['woocommerce_meta_nonce'])
            ? sanitize_key(wp_unslash($_POST['woocommerce_meta_nonce']))
            : '';
        if (
            !($product instanceof WC_Product) ||
            !wp_verify_nonce($nonce, 'woocommerce_save_data') ||
            !current_user_can('edit_product', $product->get_id())
        ) {
            return;
        }
        foreach ($this->labels() as $name => [$label]) {
            $key = FrameFacts::key($name);
            if (!isset($_POST[$key]) || !is_string($_POST[$key])) {
                continue;
            }
            $typed = sanitize_text_field(wp_unslash($_POST[$key]));
            $value = match (true) {
                $typed === '' => '',
                in_array($name, FrameFacts::SIZES, true) => FrameFacts::size($typed),
                $name === 'recommended_face_shapes' => FrameFacts::commaList($typed),
                default => $typed,
            };
            if ($value === null) {
                /* translators: 1: what was typed, 2: name of a field */
                $problem = __('“%1$s” is no size in millimetres: %2$s was left as it was.', 'varai-sync');
                WC_Admin_Meta_Boxes::add_error(esc_html(sprintf($problem, $typed, $label)));
            } elseif ($value === '') {
                $product->delete_meta_data($key);
            } else {
                $product->update_meta_data($key, $value);
            }
        }
    }

    /** @return array<string, array{string, string}> Label and hint by name. */
    private function labels(): array
    {
        $mm = __('In millimetres.', 'varai-sync');
        return [
            'frame_shape' => [
                __('Frame shape', 'varai-sync'),
                __('For example round, cat-eye, aviator.', 'varai-sync'),
            ],
            'frame_material' => [
                __('Frame material', 'varai-sync'),
                __('For example acetate, titanium.', 'varai-sync'),
            ],
            'frame_color' => [__('Frame colour', 'varai-sync'), ''],
            'lens_type' => [__('Lens type', 'varai-sync'), __('For example single vision, progressive.', 'varai-sync')],
            'recommended_face_shapes' => [
                __('Recommended face shapes', 'varai-sync'),
                __('With commas between them, for example oval, heart.', 'varai-sync'),
            ],
            'lens_width' => [__('Lens width', 'varai-sync'), $mm],
            'bridge_width' => [__('Bridge width', 'varai-sync'), $mm],
            'temple_length' => [__('Temple length', 'varai-sync'), $mm],
            'lens_height' => [__('Lens height', 'varai-sync'), $mm],
            'frame_width' => [__('Frame width', 'varai-sync'), $mm],
        ];
    }
}
