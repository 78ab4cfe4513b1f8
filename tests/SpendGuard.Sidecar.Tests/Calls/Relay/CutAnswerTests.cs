using System.Net;
using System.Text;
using SpendGuard.Budgets;
using SpendGuard.Testing;

namespace SpendGuard.Sidecar.Tests.Calls.Relay;

/// <summary>An answer that comes as a whole, over a connection that is cut at any byte: what came of its usage is charged, and what is whole is handed on.</summary>
public sealed class CutAnswerTests
{
    private const string Chat = """{"model":"gpt-4o","messages":[{"role":"user","content":"Hi"}],"max_tokens":100}""";
    private const string Messages = """{"model":"claude-haiku-4-5","messages":[{"role":"user","content":"Hi"}],"max_tokens":100}""";

    /// <summary>Where it goes, what is asked, the answer, how it ends once the usage is there, and what that comes to.</summary>
    public static TheoryData<string, string, string, string, long> Answers => new()
    {
        {
            "/v1/chat/completions", Chat,
            """{"model":"gpt-4o","choices":[{"message":{"content":"{\"usage\":"}}],"usage":{"prompt_tokens":10,"completion_tokens":90000,"total_tokens":90010},"service_tier":"default"}""",
            "},\"service_tier\"", (10 * 250) + (90_000 * 1_000)
        },
        {
            "/v1/chat/completions", Chat,
            """{"model":"gpt-4o","choices":[{"message":{"content":"a"}}],"usage":{"prompt_tokens":10,"completion_tokens":2,"total_tokens":12},"service_tier":"default"}""",
            "},\"service_tier\"", (10 * 250) + (2 * 1_000)
        },
        {
            "/v1/messages", Messages,
            """{"model":"claude-haiku-4-5","content":[{"type":"text","text":"a"}],"stop_reason":"end_turn","usage":{"input_tokens":10,"output_tokens":90000},"container":null}""",
            "},\"container\"", (10 * 100) + (90_000 * 500)
        },
    };

    [Theory]
    [MemberData(nameof(Answers))]
    public async Task AnswerIsCut_WhatCameOfItsUsageIsCharged(string path, string ask, string answer, string afterUsage, long cost)
    {
        var bytes = Encoding.UTF8.GetBytes(answer);
        var cut = 0;
        var chunked = false;
        await using var provider = await ScriptedProvider.StartAsync(async context =>
        {
            context.Response.ContentType = "application/json";
            context.Response.ContentLength = chunked ? null : bytes.Length + 1;
            await context.Response.Body.WriteAsync(bytes.AsMemory(0, cut));
            await context.Response.Body.FlushAsync();
            throw new IOException("The connection is cut here.");
        });
        await using var sidecar = await SidecarFixture.StartAsync(
            settings: [("OPENAI_BASE_URL", provider.Address), ("ANTHROPIC_BASE_URL", provider.Address)]);
        var agent = await sidecar.AgentAsync(cents: 100_000_000);
        var told = answer.IndexOf(afterUsage, StringComparison.Ordinal) + 1;
        long spent = 0;
        for (; cut <= bytes.Length; cut++)
        {
            chunked = !chunked;
            var (status, _, body) = await sidecar.AskAsync(path, agent, ask);

            var budget = await sidecar.EndedAsync(agent);
            var charged = budget.Spent - spent;
            spent = budget.Spent;
            var isWhole = cut == bytes.Length;
            Assert.Equal(isWhole ? 200 : 502, status);
            Assert.True(
                isWhole ? charged == cost : charged >= (cut >= told ? cost : 0) && charged > 100 * 500, $"Cut at {cut} of {bytes.Length}: {charged}.");
        }
    }
}
