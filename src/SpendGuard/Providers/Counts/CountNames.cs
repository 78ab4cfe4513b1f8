using System.Collections.Frozen;
using static SpendGuard.Providers.Counts.CountKind;

namespace SpendGuard.Providers.Counts;

/// <summary>
/// Every name under which a number is known to stand in a usage, whoever writes it: the vendors' own formats, servers that speak them,
/// gateways, and adapters of AI frameworks. What is not here, and is not zero, is not understood.
/// </summary>
/// <remarks>
/// Names are compared by their letters and digits: <c>cached_tokens</c>, <c>cachedTokens</c> and <c>CachedTokenCount</c> are one. Before the
/// dot stands the section, which is the object that the name stands in.
/// </remarks>
internal static class CountNames
{
    /// <summary>The section of what a cost is made of: whatever else stands in it is an amount.</summary>
    private const string Costs = "cost";

    private static readonly FrozenDictionary<string, string> Sections = Table(
        ("in", ["prompt_tokens_details", "prompt_token_details", "input_tokens_details", "input_token_details"]),
        ("out", ["completion_tokens_details", "completion_token_details", "output_tokens_details", "output_token_details"]),
        ("written", ["cache_creation", "cache_creation_token_details"]),
        ("tools", ["server_tool_use"]),
        (Costs, ["cost", "cost_details"]));

    /// <summary>Objects and lists that say again, or in parts, what is said beside them, or how it went.</summary>
    private static readonly FrozenSet<string> Repetitions = ((string[])
    [
        // xAI's last turn, DashScope's account of the same, Groq's models of a compound, OpenAI's modalities of what was cached.
        "context_details", "x_details", "usage_breakdown", "cached_tokens_details", "cached_token_details",

        // llama.cpp and other servers.
        "timings", "performance",
    ]).Select(Canonical).ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, CountKind> Kinds = Table(

        // OpenAI and those who speak its formats; Anthropic and OpenAI's responses; Ollama; Gemini.
        (Input, ["prompt_tokens", "input_tokens", "prompt_eval_count", "promptTokenCount"]),
        (Output, ["completion_tokens", "output_tokens", "eval_count", "candidatesTokenCount"]),
        (Total, ["total_tokens", "totalTokenCount"]),
        (Reasoning, ["reasoning_tokens", "thinking_tokens", "thoughtsTokenCount", "out.reasoning_tokens", "out.thinking_tokens", "out.reasoning"]),

        // Kimi, DeepSeek, Mistral, Gemini and gateways, all of which count it as part of the input.
        (CachedInput,
        [
            "cached_tokens", "prompt_cache_hit_tokens", "num_cached_tokens", "cachedContentTokenCount", "cached_input_tokens",
            "cached_prompt_tokens", "prompt_cached_tokens", "input_cached_tokens", "cache_hit_tokens",
            "in.cached_tokens", "in.cache_read_tokens", "in.cache_read_input_tokens", "in.cached_input_tokens", "in.cache_hit_tokens", "in.cache_read",
        ]),
        (UncachedInput, ["prompt_cache_miss_tokens", "cache_miss_tokens"]),

        // OpenAI, OpenRouter, DashScope, LiteLLM.
        (CacheWrite,
        [
            "in.cache_write_tokens", "in.cache_creation_tokens", "in.cache_creation_input_tokens", "in.cached_creation_tokens",
            "in.cache_write_input_tokens", "in.cache_creation",
        ]),

        // Anthropic and Bedrock, which leave it out of the input, and adapters that hand their counts on.
        (CachedBeside, ["cache_read_input_tokens", "cache_read_tokens"]),
        (CacheWriteBeside,
        [
            "cache_creation_input_tokens", "cache_write_input_tokens", "cache_creation_tokens", "cache_write_tokens", "cached_creation_tokens",
        ]),
        (ShortCacheWrite, ["written.ephemeral_5m_input_tokens"]),
        (LongCacheWrite, ["written.ephemeral_1h_input_tokens"]),

        // Gemini's tools; Perplexity, whose citations cost what input does.
        (InputBeside, ["toolUsePromptTokenCount", "citation_tokens"]),
        (AudioInput, ["in.audio_tokens", "input_audio_tokens", "prompt_audio_tokens", "audio_input_tokens"]),
        (AudioOutput, ["out.audio_tokens", "output_audio_tokens", "completion_audio_tokens", "audio_output_tokens"]),
        (WebSearches,
            ["web_search_requests", "num_search_queries", "tools.web_search_requests", "in.web_search_requests", "out.num_search_queries"]),

        // OpenRouter, Perplexity, DeepInfra, LiteLLM; xAI.
        (Dollars, ["cost", "total_cost", "cost_usd", "total_cost_usd", "estimated_cost", "request_cost"]),
        (Ticks, ["cost_in_usd_ticks", "cost.cost_in_usd_ticks"]),

        (NotBilled,
        [
            // Parts of the input or of the output.
            "text_tokens", "in.text_tokens", "in.image_tokens", "in.video_tokens", "in.document_tokens", "input_text_tokens", "input_image_tokens",
            "out.text_tokens", "output_text_tokens", "out.accepted_prediction_tokens", "out.rejected_prediction_tokens",
            "accepted_prediction_tokens", "rejected_prediction_tokens", "claude_cache_creation_5_m_tokens", "claude_cache_creation_1_h_tokens",

            // What hosted tools did that costs nothing by itself: xAI, Anthropic.
            "num_sources_used", "web_fetch_requests", "tools.web_fetch_requests",

            // How it went, where the name does not end as times and speeds do: SambaNova.
            "time_to_first_token", "acceptance_rate", "completion_tokens_after_first_per_sec_first_ten",
        ]));

    /// <summary>How the names of times and speeds end: Groq, SambaNova, Ollama.</summary>
    private static readonly string[] Times = ["time", "duration", "latency", "persec", "persecond"];

    /// <summary>What a number says; null where that is not known.</summary>
    /// <param name="section">The section that it stands in; empty for none.</param>
    /// <param name="name">Its name.</param>
    public static CountKind? KindOf(string section, string name)
    {
        var canonical = Canonical(name);
        return Kinds.TryGetValue(section.Length == 0 ? canonical : $"{section}.{canonical}", out var kind) ? kind
            : section == Costs ? Dollars
            : Array.Exists(Times, time => canonical.EndsWith(time, StringComparison.Ordinal)) ? NotBilled
            : null;
    }

    /// <summary>The section that an object is; null for one that is none.</summary>
    public static string? SectionOf(string name) => Sections.GetValueOrDefault(Canonical(name));

    /// <summary>Whether an object or a list says nothing that is not said beside it.</summary>
    public static bool IsRepetition(string name) => Repetitions.Contains(Canonical(name));

    /// <summary>The letters and digits of a name, without what tells one way to write a count from another.</summary>
    private static string Canonical(string name)
    {
        var letters = string.Concat(name.Where(char.IsAsciiLetterOrDigit)).ToLowerInvariant().Replace("tokens", "token", StringComparison.Ordinal);
        return letters.EndsWith("tokencount", StringComparison.Ordinal) ? letters[..^"count".Length] : letters;
    }

    private static FrozenDictionary<string, TValue> Table<TValue>(params (TValue Value, string[] Names)[] rows) =>
        rows.SelectMany(row => row.Names, (row, name) => (Name: KeyOf(name), row.Value)).DistinctBy(entry => entry.Name, StringComparer.Ordinal)
            .ToFrozenDictionary(entry => entry.Name, entry => entry.Value, StringComparer.Ordinal);

    private static string KeyOf(string name) => name.Split('.') is [var section, var rest] ? $"{section}.{Canonical(rest)}" : Canonical(name);
}
