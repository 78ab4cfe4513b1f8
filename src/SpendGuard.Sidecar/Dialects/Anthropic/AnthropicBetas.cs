using System.Collections.Frozen;
using System.Collections.Immutable;
using SpendGuard.Sidecar.Dialects.Fields;
using SpendGuard.Sidecar.Refusals;
using static SpendGuard.Sidecar.Dialects.Fields.FieldKind;

namespace SpendGuard.Sidecar.Dialects.Anthropic;

/// <summary>The values of the <c>anthropic-beta</c> header, and whether they can move the bill past what the request's fields are bounded by.</summary>
internal static class AnthropicBetas
{
    public const string Header = "anthropic-beta";

    private const string OpensRefused = "What it opens is refused.";
    private const string OpensBound = "What it opens is bounded.";
    private const string OtherApi = "It is of another API.";
    private const string Unpublished = "What it does to a message is not published.";

    public static ImmutableArray<FieldRule> Table { get; } =
    [
        new("claude-code-20250219", Free),
        new("computer-use-2024-10-22", Free, OpensBound),
        new("computer-use-2025-01-24", Free, OpensBound),
        new("computer-use-2025-11-24", Free, OpensBound),
        new("dev-full-thinking-2025-05-14", Free),
        new("effort-2025-11-24", Free),
        new("extended-cache-ttl-2025-04-11", Free, OpensBound),
        new("fine-grained-tool-streaming-2025-05-14", Free),
        new("interleaved-thinking-2025-05-14", Free),
        new("max-tokens-3-5-sonnet-2024-07-15", Free, "The output cap stays within the rate card's maximum."),
        new("output-128k-2025-02-19", Free, "The output cap stays within the rate card's maximum."),
        new("output-300k-2026-03-24", Free, "The output cap stays within the rate card's maximum."),
        new("model-context-window-exceeded-2025-08-26", Free),
        new("prompt-caching-2024-07-31", Free, OpensBound),
        new("pdfs-2024-09-25", Free, OpensBound),
        new("files-api-2025-04-14", Free, OpensBound),
        new("search-results-2025-06-09", Free, OpensBound),
        new("structured-outputs-2025-11-13", Free, OpensBound),
        new("task-budgets-2026-03-13", Free, OpensBound),
        new("token-counting-2024-11-01", Free),
        new("token-efficient-tools-2025-02-19", Free),
        new("tool-examples-2025-10-29", Free, OpensBound),
        new("tools-2024-04-04", Free, OpensBound),
        new("tools-2024-05-16", Free, OpensBound),
        new("fast-mode-2026-02-01", Free, OpensBound),
        new("thinking-token-count-2026-05-13", Free),
        new("thinking-display-updates-2026-08-18", Free),
        new("thinking-binding-controls-2026-08-01", Free, OpensBound),
        new("mid-conversation-tool-changes-2026-07-01", Free, OpensBound),
        new("mid-conversation-output-config-2026-07-01", Free, OpensBound),
        new("mid-conversation-system-clear-at-2026-08-21", Free, OpensBound),
        new("inline-tools-2026-09-15", Free, OpensBound),
        new("cache-diagnosis-2026-04-07", Free),
        new("fallback-credit-2026-06-01", Free, OpensBound),
        new("fallback-credit-2026-07-01", Free, OpensBound),
        new("user-profiles-2026-03-24", Free),
        new("user-profiles-2026-08-18", Free),
        new("user-profiles-2026-09-04", Free),
        new("user-profiles-billing-2026-10-01", Free, OpensRefused),
        new("context-management-2025-06-27", Free, "What it opens is bounded, or refused where it is used."),
        new("compact-2026-01-12", Free, OpensRefused),
        new("compact-2026-09-04", Free, OpensRefused),
        new("message-threads-2026-08-12", Free, OpensRefused),
        new("server-side-fallback-2026-06-01", Free, OpensRefused),
        new("server-side-fallback-2026-07-01", Free, OpensRefused),
        new("per-turn-control-2026-07-01", Free, OpensBound),
        new("advanced-tool-use-2025-11-20", Free, "What it opens is bounded, or refused where it is used."),
        new("advisor-tool-2026-03-01", Free, OpensRefused),
        new("code-execution-2025-05-22", Free, OpensRefused),
        new("skills-2025-10-02", Free, OpensRefused),
        new("mcp-client-2025-04-04", Free, OpensRefused),
        new("mcp-client-2025-11-20", Free, OpensRefused),
        new("mcp-client-2026-09-15", Free, OpensRefused),
        new("mcp-tunnels-2026-06-22", Free, OpensRefused),
        new("message-batches-2024-09-24", Free, OtherApi),
        new("managed-agents-2026-04-01", Free, OtherApi),
        new("ce-plugins-2026-09-01", Free, OtherApi),
        new("ce-user-management-2026-07-13", Free, OtherApi),
        new("ce-claude-code-managed-settings-2026-10-06", Free, OtherApi),
        new("spend-limit-reads-2026-09-26", Free, OtherApi),
        new("telemetry-destinations-2026-08-11", Free, OtherApi),
        new("webhooks-2026-10-07", Free, OtherApi),
        new("admin-user-sign-out-2026-10-08", Free, OtherApi),
        new("analytics-usage-cost-2026-08-24", Free, OtherApi),
        new("context-1m-2025-08-07", Refused, "The model takes more input with it than its rate card says."),
        new("dreaming-2026-04-21", Refused, Unpublished),
        new("agent-memory-2026-07-22", Refused, Unpublished),
        new("experimental-claude-tag-2026-10-21", Refused, Unpublished),
    ];

    private static FrozenDictionary<string, FieldRule> Rules { get; } = Table.ToFrozenDictionary(rule => rule.Name, StringComparer.Ordinal);

    /// <summary>Refuses a value that has no bound, or, in strict mode, one that is not known.</summary>
    /// <returns>The values that are not known and were let through.</returns>
    /// <exception cref="BadRequestException">Names the value.</exception>
    public static ImmutableArray<string> Check(IHeaderDictionary headers, FieldPolicy policy)
    {
        var check = new FieldCheck(policy);
        foreach (var value in headers[Header]
            .SelectMany(line => (line ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)))
        {
            if (!Rules.TryGetValue(value, out var rule))
            {
                var shown = FieldCheck.Shown(value);
                check.Meet(shown, $"The {Header} value '{shown}' is");
            }
            else if (rule.Kind == Refused)
            {
                throw new BadRequestException(
                    $"The {Header} value '{value}' is refused: its cost has no bound. {rule.Reason} Leave it out.");
            }
        }

        return check.Done.Unknown;
    }
}
