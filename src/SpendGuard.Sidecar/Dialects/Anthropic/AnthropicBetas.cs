using System.Collections.Immutable;
using SpendGuard.Sidecar.Calls;
using SpendGuard.Sidecar.Dialects.Fields;
using SpendGuard.Sidecar.Refusals;
using static SpendGuard.Sidecar.Dialects.Fields.FieldKind;

namespace SpendGuard.Sidecar.Dialects.Anthropic;

/// <summary>The values of the <c>anthropic-beta</c> header, and whether they can move the bill past what the request's fields are bounded by.</summary>
internal static class AnthropicBetas
{
    public const string Header = "anthropic-beta";

    private const string OtherApi = "It is of another API.";
    private const string Unpublished = "What it does to a message is not published.";
    private const string WithinCap = "The output cap stays within the rate card's maximum.";

    public static ImmutableArray<FieldRule> Table { get; } =
    [
        new("claude-code-20250219", Free),
        new("computer-use-2024-10-22", Free) { Opens = ["tools[computer_20241022]", "tools[bash_20241022]", "tools[text_editor_20241022]"] },
        new("computer-use-2025-01-24", Free) { Opens = ["tools[computer_20250124]", "tools[bash_20250124]", "tools[text_editor_20250124]"] },
        new("computer-use-2025-11-24", Free) { Opens = ["tools[computer_20251124]"] },
        new("dev-full-thinking-2025-05-14", Free) { Opens = ["thinking"] },
        new("effort-2025-11-24", Free) { Opens = ["output_config.effort"] },
        new("extended-cache-ttl-2025-04-11", Free) { Opens = ["cache_control.ttl"] },
        new("prompt-caching-scope-2026-01-05", Free) { Opens = ["cache_control.scope"] },
        new("fine-grained-tool-streaming-2025-05-14", Free) { Opens = ["tools[custom].eager_input_streaming"] },
        new("interleaved-thinking-2025-05-14", Free) { Opens = ["thinking"] },
        new("max-tokens-3-5-sonnet-2024-07-15", Free, WithinCap) { Opens = ["max_tokens"] },
        new("output-128k-2025-02-19", Free, WithinCap) { Opens = ["max_tokens"] },
        new("output-300k-2026-03-24", Free, WithinCap) { Opens = ["max_tokens"] },
        new("model-context-window-exceeded-2025-08-26", Free),
        new("prompt-caching-2024-07-31", Free) { Opens = ["cache_control"] },
        new("pdfs-2024-09-25", Free) { Opens = ["messages.content[document]"] },
        new("files-api-2025-04-14", Free) { Opens = ["messages.content[document].source[file]", "messages.content[image].source[file]"] },
        new("search-results-2025-06-09", Free) { Opens = ["messages.content[search_result]"] },
        new("structured-outputs-2025-11-13", Free) { Opens = ["output_format", "output_config.format", "tools[custom].strict"] },
        new("structured-outputs-2025-12-15", Free) { Opens = ["output_format", "output_config.format", "tools[custom].strict"] },
        new("task-budgets-2026-03-13", Free) { Opens = ["output_config.task_budget"] },
        new("token-counting-2024-11-01", Free, OtherApi),
        new("token-efficient-tools-2025-02-19", Free, "It only makes the output shorter."),
        new("tool-examples-2025-10-29", Free) { Opens = ["tools[custom].input_examples"] },
        new("tools-2024-04-04", Free) { Opens = ["tools"] },
        new("tools-2024-05-16", Free) { Opens = ["tools"] },
        new("web-search-2025-03-05", Free) { Opens = ["tools[web_search_20250305]"] },
        new("fast-mode-2026-02-01", Free) { Opens = ["speed"] },
        new("thinking-token-count-2026-05-13", Free),
        new("thinking-display-updates-2026-08-18", Free) { Opens = ["thinking.display"] },
        new("redact-thinking-2026-02-12", Free) { Opens = ["messages.content[redacted_thinking]"] },
        new("thinking-binding-controls-2026-08-01", Free) { Opens = ["thinking.block_binding"] },
        new("per-turn-control-2026-07-01", Free) { Opens = ["messages.output_config", "messages.role"] },
        new("mid-conversation-system-2026-04-07", Free) { Opens = ["messages.role"] },
        new("mid-conversation-tool-changes-2026-07-01", Free) { Opens = ["messages.content[tool_addition]", "messages.content[tool_removal]"] },
        new("mid-conversation-output-config-2026-07-01", Free) { Opens = ["messages.output_config"] },
        new("mid-conversation-system-clear-at-2026-08-21", Free) { Opens = ["messages.clear_at"] },
        new("inline-tools-2026-09-15", Free) { Opens = ["messages.content[tool_addition].tool[tool_definition]"] },
        new("cache-diagnosis-2026-04-07", Free) { Opens = ["diagnostics"] },
        new("fallback-credit-2026-06-01", Free) { Opens = ["fallback_credit_token"] },
        new("fallback-credit-2026-07-01", Free) { Opens = ["fallback_credit_token"] },
        new("user-profiles-2026-03-24", Free),
        new("user-profiles-2026-08-18", Free),
        new("user-profiles-2026-09-04", Free),
        new("user-profiles-billing-2026-10-01", Free) { Opens = ["billing_policy"] },
        new("context-management-2025-06-27", Free) { Opens = ["context_management", "tools[memory_20250818]"] },
        new("compact-2026-01-12", Free) { Opens = ["context_management.edits[compact_20260112]", "messages.content[compaction]"] },
        new("compact-2026-09-04", Free) { Opens = ["compaction", "messages.content[compaction]"] },
        new("message-threads-2026-08-12", Free) { Opens = ["thread"] },
        new("server-side-fallback-2026-06-01", Free) { Opens = ["fallbacks", "messages.content[fallback]"] },
        new("server-side-fallback-2026-07-01", Free) { Opens = ["fallbacks", "messages.content[fallback]"] },
        new("advanced-tool-use-2025-11-20", Free)
        {
            Opens =
            [
                "tools[custom].allowed_callers", "tools[custom].defer_loading", "tools[custom].input_examples", "tools[code_execution_20250825]",
                "tools[tool_search_tool_bm25_20251119]", "tools[tool_search_tool_regex_20251119]", "messages.content[tool_search_tool_result]",
            ],
        },
        new("tool-search-tool-2025-10-19", Free)
        {
            Opens = ["tools[custom].defer_loading", "tools[tool_search_tool_bm25_20251119]", "tools[tool_search_tool_regex_20251119]"],
        },
        new("advisor-tool-2026-03-01", Free) { Opens = ["tools[advisor_20260301]"] },
        new("code-execution-2025-05-22", Free) { Opens = ["tools[code_execution_20250522]", "container"] },
        new("skills-2025-10-02", Free) { Opens = ["container"] },
        new("mcp-client-2025-04-04", Free) { Opens = ["mcp_servers"] },
        new("mcp-client-2025-11-20", Free) { Opens = ["mcp_servers", "tools[mcp_toolset]"] },
        new("mcp-client-2026-09-15", Free) { Opens = ["mcp_servers", "tools[mcp_toolset]"] },
        new("mcp-tunnels-2026-06-22", Free) { Opens = ["mcp_servers"] },
        new("context-1m-2025-08-07", Bound, "The model's rate card has to have a price for so much input.") { OpensInput = 1_000_000 },
        new("oauth-2025-04-20", Free, "It says how the caller has signed in; the key is the sidecar's."),
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
        new("dreaming-2026-04-21", Refused, Unpublished),
        new("agent-memory-2026-07-22", Refused, Unpublished),
        new("experimental-claude-tag-2026-10-21", Refused, Unpublished),
    ];

    /// <summary>The most input that the values of a call open its model to, in tokens; null for no more than it takes otherwise.</summary>
    public static long? OpenedInput(Call call)
    {
        var betas = call.Tables.Of(AnthropicWing.Vendor).Betas;
        return Values(call.Headers).Select(value => betas.Find(value)?.OpensInput).Max();
    }

    /// <summary>Refuses a value that has no bound, or, in strict mode, one that is not known.</summary>
    /// <returns>What was let through.</returns>
    /// <exception cref="BadRequestException">Names the value.</exception>
    public static CheckedFields Check(Call call)
    {
        var (check, betas) = (new FieldCheck(call.Policy), call.Tables.Of(AnthropicWing.Vendor).Betas);
        foreach (var value in Values(call.Headers))
        {
            if (betas.Find(value) is not { } beta)
            {
                var shown = FieldCheck.Shown(value);
                check.Meet(shown, $"The {Header} value '{shown}' is");
            }
            else if (beta.Kind == Refused)
            {
                throw new BadRequestException(
                    $"The {Header} value '{value}' is refused: its cost has no bound. {beta.Reason} Leave it out.");
            }
            else if (beta.IsCounted)
            {
                check.Count(beta, value);
            }
        }

        return check.Done;
    }

    private static IEnumerable<string> Values(IHeaderDictionary headers) => headers[Header]
        .SelectMany(line => (line ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
}
