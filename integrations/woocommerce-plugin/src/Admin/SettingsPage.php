<?php
declare(strict_types=1);

namespace Varai\Sync\WooCommerce\Admin;

use Varai\Sync\WooCommerce\Core\Setup;
use Varai\Sync\WooCommerce\Core\Topics;
use Varai\Sync\WooCommerce\Records;
use Varai\Sync\WooCommerce\Settings;
use Varai\Sync\WooCommerce\Webhooks;

defined('ABSPATH') || exit();

/** WooCommerce › Varai Sync. */
final class SettingsPage
{
    private const PAGE = 'varai-sync';
    private const CAPABILITY = 'manage_woocommerce';

    public function __construct(private Settings $settings, private Webhooks $webhooks, private Records $records) {}

    public function hook(): void
    {
        add_action('admin_menu', function (): void {
            $title = __('Varai Sync', 'varai-sync');
            add_submenu_page('woocommerce', $title, $title, self::CAPABILITY, self::PAGE, [$this, 'show']);
        });
        add_action('admin_post_varai_sync_save', fn() => $this->perform('save', [$this, 'save']));
        add_action('admin_post_varai_sync_repair', fn() => $this->perform('repair', [$this, 'repair']));
        add_action('admin_post_varai_sync_enable', fn() => $this->perform('enable', [$this, 'enable']));
        add_action('admin_notices', [$this, 'warn']);
        add_action(
            'admin_init',
            static fn() => wp_add_privacy_policy_content(
                'Varai Sync',
                wp_kses_post(
                    wpautop(
                        __(
                            'If you use our frame advisor, we send the result of your session, and of a face analysis if you ' .
                                'asked for one, to our data service: the shape of your face, three measurements and the advice, ' .
                                'never pictures or biometric data.',
                            'varai-sync',
                        ),
                    ),
                ),
            ),
        );
        add_filter(
            'plugin_action_links_' . plugin_basename(\Varai\Sync\WooCommerce\PLUGIN_FILE),
            fn($links) => [
                '<a href="' . esc_url($this->url()) . '">' . esc_html__('Settings', 'varai-sync') . '</a>',
                ...(array) $links,
            ],
        );
    }

    /** Nobody but who may manage the shop, from our own form. */
    private function perform(string $name, callable $action): void
    {
        if (!current_user_can(self::CAPABILITY)) {
            wp_die(esc_html__('You may not do that.', 'varai-sync'), '', ['response' => 403]);
        }
        check_admin_referer("varai_sync_$name");
        wp_safe_redirect(add_query_arg('varai_sync_done', $action(), $this->url()));
        exit();
    }

    private function save(): string
    {
        $typed = fn(string $name): string => isset($_POST[$name]) && is_string($_POST[$name])
            ? trim(wp_unslash($_POST[$name]))
            : '';
        $address = Setup::address($typed('address'));
        if ($address === null) {
            return 'bad-address';
        }
        $changed = [
            'address' => $address,
            'groups' => array_values(array_intersect(array_keys(Topics::GROUPS), (array) ($_POST['groups'] ?? []))),
            'conversations' => isset($_POST['conversations']),
            'remove_meta_data' => isset($_POST['remove_meta_data']),
        ];
        // The page never shows the secret, so an empty field leaves it.
        if ($typed('secret') !== '') {
            $secret = Setup::secret($typed('secret'));
            if ($secret === null) {
                return 'bad-secret';
            }
            $changed['secret'] = $secret;
        }
        $this->settings->save($changed);
        if (!$this->settings->isComplete()) {
            return 'no-secret';
        }
        return $this->repair();
    }

    private function repair(): string
    {
        $this->webhooks->reconcile();
        return $this->webhooks->tryOut() === null ? 'connected' : 'unreachable';
    }

    private function enable(): string
    {
        $this->webhooks->reconcile();
        if ($this->webhooks->tryOut() !== null) {
            return 'unreachable';
        }
        $this->webhooks->enable();
        return 'enabled';
    }

    /** What is wrong costs events, so it is said wherever the shop is managed. */
    public function warn(): void
    {
        if (!current_user_can(self::CAPABILITY) || !$this->settings->isComplete()) {
            return;
        }
        $broken = array_filter(
            $this->webhooks->report(),
            fn(array $one): bool => $one['status'] !== 'active' || $one['problems'] !== [],
        );
        if ($broken === []) {
            return;
        }
        printf(
            '<div class="notice notice-error"><p>%s <a href="%s">%s</a></p></div>',
            esc_html(
                sprintf(
                    /* translators: %d: number of webhooks */
                    _n(
                        'Varai Sync: %d webhook does not deliver. What happens meanwhile is not told.',
                        'Varai Sync: %d webhooks do not deliver. What happens meanwhile is not told.',
                        count($broken),
                        'varai-sync',
                    ),
                    count($broken),
                ),
            ),
            esc_url($this->url()),
            esc_html__('Look at it', 'varai-sync'),
        );
    }

    public function show(): void
    {
        if (!current_user_can(self::CAPABILITY)) {
            return;
        }
        echo '<div class="wrap"><h1>' . esc_html__('Varai Sync', 'varai-sync') . '</h1>';
        $this->showOutcome();
        $this->showForm();
        if ($this->settings->isComplete()) {
            $this->showWebhooks();
        }
        echo '</div>';
    }

    private function showOutcome(): void
    {
        // Only chooses one of our own sentences.
        $done = isset($_GET['varai_sync_done']) ? sanitize_key(wp_unslash($_GET['varai_sync_done'])) : '';
        $sentences = [
            'connected' => __('Saved, and Varai Sync answers.', 'varai-sync'),
            'enabled' => __('The webhooks are on again.', 'varai-sync'),
            'unreachable' => __('Saved, but Varai Sync does not answer at this address.', 'varai-sync'),
            'bad-address' => __('Not saved: the address must begin with https:// and have no query.', 'varai-sync'),
            'bad-secret' => __(
                'Not saved: the secret needs 16 to 200 signs, without spaces, quotes, &, < and >.',
                'varai-sync',
            ),
            'no-secret' => __('Saved. A secret is still missing.', 'varai-sync'),
        ];
        if (isset($sentences[$done])) {
            $kind = in_array($done, ['connected', 'enabled'], true) ? 'success' : 'error';
            printf('<div class="notice notice-%s"><p>%s</p></div>', esc_attr($kind), esc_html($sentences[$done]));
        }
    }

    private function showForm(): void
    {
        $labels = [
            'orders' => __('Orders', 'varai-sync'),
            'customers' => __('Customers', 'varai-sync'),
            'products' => __('Products', 'varai-sync'),
            'ai_sessions' => __('AI sessions', 'varai-sync'),
            'face_analyses' => __('Face analyses, without pictures or raw data', 'varai-sync'),
            'actions' => __(
                'Moments such as “order completed”; Varai Sync needs API keys of this shop for them',
                'varai-sync',
            ),
        ];
        $secretHint = match (true) {
            $this->settings->isSecretInFile() => __('It stands in wp-config.php as VARAI_SYNC_SECRET.', 'varai-sync'),
            $this->settings->secret() !== '' => __('Kept. Type another one to change it.', 'varai-sync'),
            default => __('The same as for this shop in Varai Sync.', 'varai-sync'),
        };
        $this->openForm('save');
        ?>
        <table class="form-table" role="presentation">
            <tr>
                <th scope="row"><label for="varai-address"><?php esc_html_e('Address', 'varai-sync'); ?></label></th>
                <td>
                    <input id="varai-address" name="address" type="url" class="regular-text code" required
                        value="<?php echo esc_attr(
                            $this->settings->address(),
                        ); ?>" placeholder="https://sync.example.com">
                </td>
            </tr>
            <tr>
                <th scope="row"><label for="varai-secret"><?php esc_html_e(
                    'Shared secret',
                    'varai-sync',
                ); ?></label></th>
                <td>
                    <input id="varai-secret" name="secret" type="password" class="regular-text code" autocomplete="off"
                        <?php disabled($this->settings->isSecretInFile()); ?>>
                    <p class="description"><?php echo esc_html($secretHint); ?></p>
                </td>
            </tr>
            <tr>
                <th scope="row"><?php esc_html_e('What is told', 'varai-sync'); ?></th>
                <td><fieldset>
                    <?php foreach ($labels as $group => $label): ?>
                        <label>
                            <input type="checkbox" name="groups[]" value="<?php echo esc_attr($group); ?>"
                                <?php checked(in_array($group, $this->settings->groups(), true)); ?>>
                            <?php echo esc_html($label); ?>
                        </label><br>
                    <?php endforeach; ?>
                    <label>
                        <input type="checkbox" name="conversations" value="1"
                            <?php checked($this->settings->sendsConversations()); ?>>
                        <?php esc_html_e('Conversations with the assistant, as part of AI sessions', 'varai-sync'); ?>
                    </label>
                </fieldset></td>
            </tr>
            <tr>
                <th scope="row"><?php esc_html_e('When the plugin is deleted', 'varai-sync'); ?></th>
                <td>
                    <label>
                        <input type="checkbox" name="remove_meta_data" value="1"
                            <?php checked($this->settings->removesMetaData()); ?>>
                        <?php esc_html_e('Also remove what it wrote into products and orders', 'varai-sync'); ?>
                    </label>
                </td>
            </tr>
        </table>
        <?php
        submit_button(__('Save and connect', 'varai-sync'));
        echo '</form>';
    }

    private function showWebhooks(): void
    {
        $states = [
            'active' => __('on', 'varai-sync'),
            'paused' => __('paused', 'varai-sync'),
            'disabled' => __('switched off by WooCommerce after failures', 'varai-sync'),
            'missing' => __('missing', 'varai-sync'),
        ];
        $problems = [
            'address' => __('another address', 'varai-sync'),
            'secret' => __('another secret', 'varai-sync'),
            'owner' => __('its owner may not read the shop any more', 'varai-sync'),
        ];
        $report = $this->webhooks->report();
        echo '<h2>' . esc_html__('Webhooks', 'varai-sync') . '</h2><table class="widefat striped"><thead><tr>';
        $heads = [__('Topic', 'varai-sync'), __('State', 'varai-sync'), __('Failures in a row', 'varai-sync')];
        foreach ($heads as $head) {
            echo '<th scope="col">' . esc_html($head) . '</th>';
        }
        echo '</tr></thead><tbody>';
        foreach ($report as $one) {
            $named = array_map(fn(string $name): string => $problems[$name], $one['problems']);
            $state = implode(', ', [$states[$one['status']] ?? $one['status'], ...$named]);
            printf(
                '<tr><td><code>%s</code></td><td>%s</td><td>%s</td></tr>',
                esc_html($one['topic']),
                esc_html($state),
                esc_html(number_format_i18n($one['failures'])),
            );
        }
        echo '</tbody></table>';
        $waiting = $this->records->waiting();
        if ($waiting['count'] > 0) {
            /* translators: 1: number of records, 2: how long, such as "2 hours" */
            $sentence = __('%1$s AI records wait to be acknowledged, the oldest for %2$s.', 'varai-sync');
            $age = human_time_diff((int) $waiting['oldest']);
            echo '<p>' . esc_html(sprintf($sentence, number_format_i18n($waiting['count']), $age)) . '</p>';
        }
        $statuses = array_column($report, 'status');
        if (array_intersect($statuses, ['disabled', 'paused']) !== []) {
            $this->openForm('enable');
            submit_button(__('Switch on again', 'varai-sync'), 'primary', 'submit', true);
            echo '</form>';
        }
        $this->openForm('repair');
        submit_button(__('Repair and try out', 'varai-sync'), 'secondary', 'submit', true);
        echo '</form>';
    }

    private function openForm(string $name): void
    {
        printf('<form method="post" action="%s">', esc_url(admin_url('admin-post.php')));
        printf('<input type="hidden" name="action" value="%s">', esc_attr("varai_sync_$name"));
        wp_nonce_field("varai_sync_$name");
    }

    private function url(): string
    {
        return admin_url('admin.php?page=' . self::PAGE);
    }
}
