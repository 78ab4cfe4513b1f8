using SpendGuard.Billing;
using SpendGuard.Providers;
using SpendGuard.Providers.OpenAI;

namespace SpendGuard.Tests.Providers.Counts;

/// <summary>Usage as those write it who speak OpenAI's chat completions, and what it says.</summary>
public sealed class UsageShapeTests
{
    private const string Whole = "\"prompt_tokens\":100,\"completion_tokens\":50,\"total_tokens\":150";

    private static readonly Usage Plain = new() { Input = 100, Output = 50 };
    private static readonly Usage Cached = new() { Input = 10, CachedInput = 90, Output = 50 };

    /// <summary>Who writes it, what, and the counts in disjoint categories.</summary>
    public static TheoryData<string, string, Usage> Honest => new()
    {
        { "OpenAI", Whole + ""","prompt_tokens_details":{"cached_tokens":90,"audio_tokens":0},"completion_tokens_details":{"reasoning_tokens":20,"audio_tokens":0,"accepted_prediction_tokens":3,"rejected_prediction_tokens":4}""", Cached with { Output = 30, ReasoningOutput = 20 } },
        { "Kimi", Whole + ""","cached_tokens":90""", Cached },
        { "DeepSeek", Whole + ""","prompt_cache_hit_tokens":90,"prompt_cache_miss_tokens":10""", Cached },
        { "Mistral", Whole + ""","num_cached_tokens":90,"prompt_audio_seconds":null""", Cached },
        { "Groq", Whole + ""","queue_time":0.0321,"prompt_time":0.002,"completion_time":0.5,"total_time":0.502""", Plain },
        { "SambaNova", Whole + ""","acceptance_rate":5,"completion_tokens_after_first_per_sec":343.8,"completion_tokens_after_first_per_sec_first_ten":439.1,"completion_tokens_per_sec":162.9,"end_time":1731527851.07,"is_last_response":true,"start_time":1731527850.71,"time_to_first_token":0.2,"total_latency":0.33,"total_tokens_per_sec":817.3""", Plain },
        { "llama.cpp", Whole + ""","prompt_tokens_details":{"cached_tokens":0},"timings":{"prompt_n":9,"prompt_ms":7.5}""", Plain },
        { "vLLM", Whole + ""","prompt_tokens_details":null""", Plain },
        { "DashScope", Whole + ""","prompt_tokens_details":{"cached_tokens":90,"text_tokens":10,"cache_type":"ephemeral"},"x_details":[{"prompt_tokens":100}]""", Cached },
        { "DashScope, written to a cache", Whole + ""","prompt_tokens_details":{"cached_tokens":60,"cache_creation_input_tokens":30,"cache_creation":{"ephemeral_5m_input_tokens":30}}""", new() { Input = 10, CachedInput = 60, CacheWrite = 30, Output = 50 } },
        { "LiteLLM", Whole + ""","cache_read_input_tokens":60,"cache_creation_input_tokens":30,"prompt_tokens_details":{"cached_tokens":60,"text_tokens":null}""", new() { Input = 10, CachedInput = 60, CacheWrite = 30, Output = 50 } },
        { "Anthropic's names, beside the input", """ "prompt_tokens":100,"completion_tokens":50,"total_tokens":240,"cache_read_input_tokens":60,"cache_creation_input_tokens":30 """, new() { Input = 100, CachedInput = 60, CacheWrite = 30, Output = 50 } },
        { "a gateway that fills other names with zero", Whole + ""","input_tokens":0,"output_tokens":0,"input_tokens_details":null,"prompt_tokens_details":{"cached_tokens":90,"text_tokens":0,"image_tokens":0}""", Cached },
        { "Perplexity", Whole + ""","search_context_size":"low","citation_tokens":7,"num_search_queries":2,"reasoning_tokens":0""", new() { Input = 107, Output = 50, WebSearches = 2 } },
        { "GitHub Models and Azure", Whole + ""","latency_checkpoint":{}""", Plain },
    };

    /// <summary>What is not zero and is not known.</summary>
    public static TheoryData<string> NotUnderstood => new()
    {
        ""","something_else":1""",
        ""","prompt_audio_seconds":4""",
        ""","prompt_tokens_details":{"something_else":1}""",
        ""","completion_tokens_details":{"image_tokens":1}""",
        ""","something_else":{"calls":1}""",
        ""","something_else":[{"calls":1}]""",
        ""","something_else":"17" """,
        ""","something_else":0.5""",
    };

    public static TheoryData<string, decimal> Stated => new()
    {
        { ""","cost":0.012,"is_byok":false,"cost_details":{"upstream_inference_cost":0.011,"upstream_inference_prompt_cost":0.01}""", 0.012m },
        { ""","cost":0.0006,"is_byok":true,"cost_details":{"upstream_inference_cost":0.012}""", 0.012m },
        { ""","cost":0,"cost_details":{"upstream_inference_cost":0.012}""", 0.012m },
        { ""","cost":{"input_tokens_cost":0.002,"output_tokens_cost":0.004,"request_cost":0.006,"total_cost":0.012}""", 0.012m },
        { ""","estimated_cost":0.012""", 0.012m },
        { ""","cost":0.012,"server_tool_use_details":{"tool_calls_executed":2}""", 0.012m },
        { ""","cost_in_usd_ticks":120000000""", 0.012m },
        { ""","cost":0.0000000001""", 0.00000001m },
    };

    [Theory]
    [MemberData(nameof(Honest))]
    public void HonestUsage_IsReadWhole(string _, string usage, Usage expected)
    {
        var report = Read(usage);

        Assert.Equal((expected with { Mismatch = report.Usage!.Mismatch }, (string?)null), (report.Usage, report.Incomplete));
    }

    [Theory]
    [MemberData(nameof(NotUnderstood))]
    public void NumberThatIsNotUnderstood_LeavesWhatIsKnown_AndSaysThatItIsNotAll(string more)
    {
        var report = Read(Whole + more);

        Assert.Equal((100, 50), (report.Usage!.TotalInput, report.Usage.TotalOutput));
        Assert.EndsWith(" in the provider's usage is not understood", report.Incomplete, StringComparison.Ordinal);
        Assert.Null(Read(Whole + more.Replace("17", "x", StringComparison.Ordinal).Replace("0.5", "0", StringComparison.Ordinal).Replace("1", "0", StringComparison.Ordinal).Replace("4", "0", StringComparison.Ordinal)).Incomplete);
    }

    [Theory]
    [MemberData(nameof(Stated))]
    public void StatedCost_IsTheLeastThatIsCharged_AndNoneIsAdded(string more, decimal dollars)
    {
        var report = Read(Whole + more);

        Assert.Equal((dollars, null, null), (report.LeastCost?.ToDollars(), report.StatedCost, report.Incomplete));
    }

    [Theory]
    [InlineData(""","prompt_cache_hit_tokens":90,"prompt_cache_miss_tokens":20""", 20, 90)]
    [InlineData(""","cached_tokens":90,"prompt_tokens_details":{"cached_tokens":10}""", 90, 10)]
    [InlineData(""","cached_tokens":10,"cache_read_input_tokens":90""", 100, 90)]
    public void CountsThatContradict_AreReadAsTheDearer(string more, long input, long cached) =>
        Assert.Equal((input, cached), (Read(Whole + more).Usage!.Input, Read(Whole + more).Usage!.CachedInput));

    /// <summary>Unknown is never zero.</summary>
    [Theory]
    [InlineData(""" "prompt_tokens":0,"completion_tokens":50,"total_tokens":50 """)]
    [InlineData(""" "completion_tokens":50,"total_tokens":50 """)]
    [InlineData(""" "prompt_tokens":100,"completion_tokens":0,"total_tokens":100 """)]
    [InlineData(""" "prompt_tokens":100,"total_tokens":100 """)]
    [InlineData(""" "prompt_tokens":100 """)]
    [InlineData("")]
    public void CountThatIsMissingOrZero_IsNotAll(string usage) => Assert.NotNull(Read(usage).Incomplete);

    /// <summary>Of those who always tell the total, one that is missing may hide counts; others leave it out.</summary>
    [Theory]
    [InlineData("openai", false)]
    [InlineData("grok", false)]
    [InlineData("another", true)]
    public void TotalIsMissing_IsUnknownWhereItIsAlwaysTold(string provider, bool isWhole) =>
        Assert.Equal(isWhole, Read(""" "prompt_tokens":100,"completion_tokens":50 """, provider).Incomplete is null);

    private static ProviderReport Read(string usage, string provider = "another") => new OpenAIChatReader(Vendor.Of(provider)).Read(
        $$$"""{"model":"m","choices":[{"message":{"role":"assistant","content":"a"},"finish_reason":"stop"}],"usage":{{{{usage}}}}}""")
        with { Model = null };
}
