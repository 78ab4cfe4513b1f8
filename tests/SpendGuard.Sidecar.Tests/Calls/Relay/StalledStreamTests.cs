using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;

namespace SpendGuard.Sidecar.Tests.Calls.Relay;

/// <summary>Neither a provider that falls silent nor a client that does not read holds a call for ever.</summary>
public sealed class StalledStreamTests
{
    private const string Chat = """{"model":"gpt-4o","messages":[{"role":"user","content":"Hi"}],"max_tokens":100,"stream":true}""";
    private const string ChatEvent = "data: {\"model\":\"gpt-4o\",\"choices\":[{\"delta\":{\"content\":\"Hi\"}}]}\n\n";

    private readonly FakeTimeProvider _time = new(DateTimeOffset.UtcNow);

    public static TheoryData<string, string, string, string> Streams => new()
    {
        { "/v1/chat/completions", Chat, ChatEvent, "data: {\"error\":" },
        {
            "/v1/responses", """{"model":"gpt-4o","input":"Hi","max_output_tokens":100,"stream":true}""",
            "event: response.created\ndata: {\"type\":\"response.created\",\"response\":{\"model\":\"gpt-4o\"}}\n\n", "event: error\ndata: {\"error\":"
        },
        {
            "/v1/messages", """{"model":"claude-haiku-4-5","messages":[{"role":"user","content":"Hi"}],"max_tokens":100,"stream":true}""",
            "event: ping\ndata: {\"type\":\"ping\"}\n\n", "event: error\ndata: {\"type\":\"error\","
        },
        {
            "/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse",
            """{"contents":[{"role":"user","parts":[{"text":"Hi"}]}],"generationConfig":{"maxOutputTokens":100}}""",
            "data: {\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"Hi\"}]}}]}\n\n", "data: {\"error\":"
        },
    };

    [Theory]
    [MemberData(nameof(Streams))]
    public async Task Provider_FallsSilent_EndsWithTheFormatsError(string path, string body, string first, string error)
    {
        await using var provider = await SilentAfterAsync("text/event-stream", first);
        await using var sidecar = await StartAsync(provider);
        var agent = await sidecar.AgentAsync();
        using var response = await sidecar.PostAsync(path, agent, body);
        var rest = response.Content.ReadAsStringAsync();
        await Eventually.HoldsAsync(() => rest.IsCompleted, () => _time.Advance(TimeSpan.FromSeconds(1)));

        var passed = await rest;
        Assert.StartsWith(first + error, passed, StringComparison.Ordinal);
        Assert.Contains("sent nothing for 5 seconds", passed, StringComparison.Ordinal);
        var budget = await sidecar.EndedAsync(agent);
        Assert.Equal(0, budget.Held);
        Assert.True(budget.Spent > 0);
        await provider.ClientGone;
    }

    [Fact]
    public async Task Provider_FallsSilentInAWholeAnswer_Is502()
    {
        await using var provider = await SilentAfterAsync("application/json", """{"model":"gpt-4o","choices":[""");
        await using var sidecar = await StartAsync(provider);
        var agent = await sidecar.AgentAsync();
        var call = sidecar.AskAsync("/v1/chat/completions", agent, Chat.Replace(",\"stream\":true", "", StringComparison.Ordinal));
        await Eventually.HoldsAsync(() => call.IsCompleted, () => _time.Advance(TimeSpan.FromSeconds(1)));

        Assert.Equal(502, (await call).Status);
        var budget = await sidecar.EndedAsync(agent);
        Assert.Equal(0, budget.Held);
        Assert.True(budget.Spent > 100 * 1_000);
        await provider.ClientGone;
    }

    /// <summary>What comes keeps the call alive, however little it says.</summary>
    [Fact]
    public async Task KeepAlive_IsNoSilence()
    {
        const int Beats = 5;
        using var beat = new SemaphoreSlim(0);
        await using var provider = await ScriptedProvider.StartAsync(async context =>
        {
            context.Response.ContentType = "text/event-stream";
            for (var beats = 0; beats < Beats; beats++)
            {
                await context.Response.WriteAsync(": keep-alive\n\n");
                await context.Response.Body.FlushAsync();
                await beat.WaitAsync();
            }

            await context.Response.WriteAsync("data: {\"choices\":[],\"usage\":{\"prompt_tokens\":10,\"completion_tokens\":2,\"total_tokens\":12}}\n\ndata: [DONE]\n\n");
        });
        await using var sidecar = await SidecarFixture.StartAsync(
            _time, settings: [("OPENAI_BASE_URL", provider.Address), ("SPENDGUARD_PROVIDER_IDLE_SECONDS", "5")]);
        var agent = await sidecar.AgentAsync();
        using var response = await sidecar.PostAsync("/v1/chat/completions", agent, Chat);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        for (var beats = 0; beats < Beats; beats++)
        {
            Assert.Equal(": keep-alive", await reader.ReadLineAsync());
            Assert.Equal("", await reader.ReadLineAsync());
            _time.Advance(TimeSpan.FromSeconds(3));
            beat.Release();
        }

        Assert.EndsWith("data: [DONE]\n\n", await reader.ReadToEndAsync(), StringComparison.Ordinal);
        Assert.Equal((10 * 250) + (2 * 1_000), (await sidecar.EndedAsync(agent)).Spent);
    }

    [Fact]
    public async Task Client_DoesNotRead_CountsAsGone()
    {
        var filler = ChatEvent.Replace("Hi", new string('x', 100_000), StringComparison.Ordinal);
        await using var provider = await ScriptedProvider.StartAsync(async context =>
        {
            context.Response.ContentType = "text/event-stream";
            for (var sent = 0; sent < 300; sent++)
            {
                await context.Response.WriteAsync(filler);
                await context.Response.Body.FlushAsync();
            }

            await context.Response.WriteAsync("data: {\"choices\":[],\"usage\":{\"prompt_tokens\":10,\"completion_tokens\":2,\"total_tokens\":12}}\n\ndata: [DONE]\n\n");
        });
        await using var sidecar = await SidecarFixture.StartAsync(
            _time, settings: [("OPENAI_BASE_URL", provider.Address), ("SPENDGUARD_CLIENT_IDLE_SECONDS", "10")]);
        var agent = await sidecar.AgentAsync();
        using var client = new TcpClient { ReceiveBufferSize = 4_096 };
        await client.ConnectAsync(IPAddress.Loopback, new Uri(sidecar.Address).Port);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
            $"POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nx-cynsta-agent-id: {agent}\r\nContent-Type: application/json\r\nContent-Length: {Chat.Length}\r\n\r\n{Chat}"));

        await Eventually.HoldsAsync(() => provider.Requests.Count == 1);
        await Eventually.HoldsAsync(
            async () => (await sidecar.BudgetAsync(agent))!.InFlight == 0, () => _time.Advance(TimeSpan.FromSeconds(1)));
        Assert.Equal((10 * 250) + (2 * 1_000), (await sidecar.EndedAsync(agent)).Spent);
    }

    private Task<SidecarFixture> StartAsync(ScriptedSilence provider) => SidecarFixture.StartAsync(
        _time,
        settings:
        [
            ("OPENAI_BASE_URL", provider.Address), ("ANTHROPIC_BASE_URL", provider.Address), ("GEMINI_BASE_URL", provider.Address),
            ("SPENDGUARD_PROVIDER_IDLE_SECONDS", "5"),
        ]);

    private static async Task<ScriptedSilence> SilentAfterAsync(string type, string first)
    {
        var gone = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return new ScriptedSilence(
            await ScriptedProvider.StartAsync(async context =>
            {
                await using var left = context.RequestAborted.Register(() => gone.TrySetResult());
                context.Response.ContentType = type;
                await context.Response.WriteAsync(first);
                await context.Response.Body.FlushAsync();
                await gone.Task;
            }),
            gone.Task);
    }

    /// <summary>A provider that begins an answer and sends no more.</summary>
    private sealed class ScriptedSilence(ScriptedProvider provider, Task clientGone) : IAsyncDisposable
    {
        public string Address => provider.Address;

        /// <summary>Ends when the connection is closed from the other side.</summary>
        public Task ClientGone => clientGone;

        public ValueTask DisposeAsync() => provider.DisposeAsync();
    }
}
