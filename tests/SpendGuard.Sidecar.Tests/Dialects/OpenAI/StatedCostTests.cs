using System.Net;
using System.Text;
using System.Text.Json;

namespace SpendGuard.Sidecar.Tests.Dialects.OpenAI;

/// <summary>What xAI states is the bill (T3): with discounts and fees, it is not what the counts come to.</summary>
public sealed class StatedCostTests
{
    /// <summary>What 10,120 input tokens, 128 of them cached, and 4,308 output tokens come to by the price list, in microcents.</summary>
    private const long ByPriceList = (9_992 * 125) + (128 * 20) + (4_308 * 250);

    private const string Running = """{ "prompt_tokens": 10120, "completion_tokens": 1, "total_tokens": 10121, "cost_in_usd_ticks": 1 }""";

    public enum Format
    {
        Chat,
        ChatStream,
        Responses,
        ResponsesStream,
    }

    [Theory]
    [InlineData(Format.Chat, 200_000_001, 2_000_001)]
    [InlineData(Format.ChatStream, 200_000_001, 2_000_001)]
    [InlineData(Format.Responses, 200_000_001, 2_000_001)]
    [InlineData(Format.ResponsesStream, 200_000_001, 2_000_001)]
    [InlineData(Format.Chat, 0, ByPriceList)]
    [InlineData(Format.Chat, -500, ByPriceList)]
    [InlineData(Format.ChatStream, -500, ByPriceList)]
    [InlineData(Format.Responses, -500, ByPriceList)]
    [InlineData(Format.ResponsesStream, 0, ByPriceList)]
    public async Task StatedCost_IsTheBill_UnlessItStatesNothing(Format format, long ticks, long spent) =>
        Assert.Equal(spent, (await CallAsync(format, Usage(format, 10_120, 1_499, 2_809, ticks))).Spent);

    /// <summary>Nothing is clipped: what the provider takes, the budget has lost.</summary>
    [Theory]
    [InlineData(Format.Chat)]
    [InlineData(Format.ResponsesStream)]
    public async Task StatedCost_BeyondTheHold_IsBookedInFull(Format format)
    {
        const long Dollars200 = 20_000_000_000;
        var budget = await CallAsync(format, Usage(format, 10, 1, 0, 100 * Dollars200));

        Assert.Equal(Dollars200, budget.Spent);
        Assert.Equal((true, 0), (budget.Overdrawn, budget.Held));
    }

    /// <summary>A fee for something that took no tokens, such as a refusal.</summary>
    [Theory]
    [InlineData(Format.Chat)]
    [InlineData(Format.ChatStream)]
    [InlineData(Format.Responses)]
    [InlineData(Format.ResponsesStream)]
    public async Task StatedCost_WithoutATokenCounted_IsTheBill(Format format) =>
        Assert.Equal(5_000_000, (await CallAsync(format, Usage(format, 0, 0, 0, 500_000_000))).Spent);

    private static string Usage(Format format, long input, long output, long reasoning, long ticks)
    {
        var (prompt, completion) = format is Format.Chat or Format.ChatStream ? ("prompt", "completion") : ("input", "output");
        var cached = Math.Min(128, input);
        return $$"""
            { "{{prompt}}_tokens": {{input}}, "{{completion}}_tokens": {{output}}, "total_tokens": {{input + output + reasoning}},
              "{{prompt}}_tokens_details": { "cached_tokens": {{cached}} },
              "{{completion}}_tokens_details": { "reasoning_tokens": {{reasoning}} }, "cost_in_usd_ticks": {{ticks}} }
            """;
    }

    private static async Task<BudgetView> CallAsync(Format format, string usage)
    {
        var said = $$"""{ "model": "grok-4.3", "choices": [], "output": [], "usage": {{usage}} }""";
        await using var provider = format switch
        {
            Format.ChatStream => await StreamingAsync(
                $$"""{ "model": "grok-4.3", "choices": [{}], "usage": {{Running}} }""", $$"""{ "choices": [], "usage": {{usage}} }""", "[DONE]"),
            Format.ResponsesStream => await StreamingAsync(
                $$"""{ "type": "response.in_progress", "response": { "model": "grok-4.3", "usage": {{Running}} } }""",
                $$"""{ "type": "response.completed", "response": {{said}} }"""),
            _ => await ScriptedProvider.AnsweringAsync(said),
        };
        await using var sidecar = await SidecarFixture.StartAsync(settings: [("XAI_BASE_URL", provider.Address)]);
        var agent = await sidecar.AgentAsync(cents: 10_000);
        var streams = JsonSerializer.Serialize(format is Format.ChatStream or Format.ResponsesStream);
        using var response = format is Format.Chat or Format.ChatStream
            ? await sidecar.PostAsync(
                "/grok/v1/chat/completions", agent, $$"""{"model":"grok-4.3","messages":[{"role":"user","content":"Hi"}],"max_tokens":9,"stream":{{streams}}}""")
            : await sidecar.PostAsync("/grok/v1/responses", agent, $$"""{"model":"grok-4.3","input":"Hi","max_output_tokens":9,"stream":{{streams}}}""");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        await response.Content.ReadAsStringAsync();
        return await sidecar.EndedAsync(agent);
    }

    private static Task<ScriptedProvider> StreamingAsync(params string[] events) => ScriptedProvider.StreamingAsync(
        Encoding.UTF8.GetBytes(string.Concat(events.Select(data => $"data: {data.ReplaceLineEndings(" ")}\n\n"))));
}
