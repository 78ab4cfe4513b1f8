using SpendGuard.Billing;

namespace SpendGuard.Sidecar.Tests.Fuzz;

/// <summary>Valid answers, and what holds of any usage that is read.</summary>
internal static class AnswerCorpus
{
    public static string[] OpenAI { get; } =
    [
        """{"model":"gpt-4o","service_tier":"default","choices":[{"message":{"content":"a"},"finish_reason":"stop"}],"usage":{"prompt_tokens":10,"completion_tokens":5,"total_tokens":15,"prompt_tokens_details":{"cached_tokens":4,"audio_tokens":0,"cache_write_tokens":2},"completion_tokens_details":{"reasoning_tokens":3,"audio_tokens":0}}}""",
        """{"model":"gpt-5","status":"completed","output":[],"usage":{"input_tokens":10,"output_tokens":5,"total_tokens":15,"input_tokens_details":{"cached_tokens":4},"output_tokens_details":{"reasoning_tokens":3}}}""",
        """{"model":"text-embedding-3-small","data":[{"embedding":[0.1]}],"usage":{"prompt_tokens":10,"total_tokens":10}}""",
        """{"model":"grok-4","choices":[],"usage":{"prompt_tokens":10,"completion_tokens":5,"total_tokens":18,"completion_tokens_details":{"reasoning_tokens":3},"cost_in_usd_ticks":123456}}""",
        """{"model":"gpt-5","output":[{"type":"web_search_call"},{"type":"message"}],"usage":{"input_tokens":10,"output_tokens":5,"output_tokens_details":null,"total_tokens":null}}""",
        """{"error":{"message":"no","code":"x"}}""",
    ];

    public static string[] Anthropic { get; } =
    [
        """{"type":"message","model":"claude-sonnet-4-5","content":[{"type":"text","text":"a"},{"type":"tool_use","input":{}}],"stop_reason":"end_turn","usage":{"input_tokens":10,"output_tokens":5,"cache_read_input_tokens":3,"cache_creation_input_tokens":7,"cache_creation":{"ephemeral_5m_input_tokens":4,"ephemeral_1h_input_tokens":3},"server_tool_use":{"web_search_requests":1},"service_tier":"standard","inference_geo":"us","speed":"fast"}}""",
        """{"type":"message","model":"claude-sonnet-4-5","content":[],"usage":{"input_tokens":10,"output_tokens":5,"iterations":[{"type":"compaction","input_tokens":100,"output_tokens":9},{"type":"message","input_tokens":10,"output_tokens":5}]}}""",
        """{"type":"message","model":"claude-sonnet-4-5","content":[],"usage":{"input_tokens":10,"output_tokens":5,"iterations":[{"type":"advisor_message","model":"claude-haiku-4-5","input_tokens":7,"output_tokens":2},{"type":"fallback_message","input_tokens":10,"output_tokens":5,"cache_creation_input_tokens":3}]}}""",
        """{"type":"error","error":{"type":"overloaded_error","message":"x"}}""",
    ];

    public static string[] Gemini { get; } =
    [
        """{"candidates":[{"content":{"parts":[{"text":"h","thought":true},{"text":"a"}]},"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":10,"cachedContentTokenCount":4,"candidatesTokenCount":5,"thoughtsTokenCount":6,"toolUsePromptTokenCount":2,"totalTokenCount":23,"promptTokensDetails":[{"modality":"AUDIO","tokenCount":3}],"serviceTier":"SERVICE_TIER_FLEX"},"modelVersion":"gemini-2.5-flash"}""",
        """{"candidates":[{"content":{"parts":[{"text":"a"}]},"finishReason":"STOP","groundingMetadata":{"webSearchQueries":["a","b"]}}],"usageMetadata":{"promptTokenCount":10,"candidatesTokenCount":5,"candidatesTokensDetails":[{"modality":"TEXT","tokenCount":5}]},"modelVersion":"gemini-2.5-flash"}""",
        """{"promptFeedback":{"blockReason":"SAFETY"},"usageMetadata":{"promptTokenCount":10,"totalTokenCount":10}}""",
    ];

    public static string[] All { get; } = [.. OpenAI, .. Anthropic, .. Gemini];

    public static void AssertCounts(Usage? usage)
    {
        if (usage is not null)
        {
            Assert.All(usage.ByCategory(), count => Assert.True(count.Quantity >= 0, $"{count.Category} is {count.Quantity}."));

            // Checked sums: they must not overflow.
            Assert.True(usage.TotalInput >= 0 && usage.TotalOutput >= 0);
        }
    }
}
