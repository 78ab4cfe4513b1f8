#pragma warning disable OPENAI001 // The SDK marks its client of batches experimental.

using System.ClientModel;
using System.ClientModel.Primitives;
using System.Text.Json.Nodes;
using OpenAI;
using OpenAI.Batch;
using OpenAI.Files;
using SpendGuard.Testing.Provider;
using SpendGuard.Testing.Provider.Batches;
using static SpendGuard.Testing.Tests.Provider.Batches.BatchClientOf;

namespace SpendGuard.Testing.Tests.Provider.Batches;

/// <summary>Batches that are sent as files, through the SDK and by what goes over the wire, with plain sums for the bill.</summary>
public sealed class OpenAIBatchTests : IAsyncLifetime
{
    private SimulatedProvider _provider = null!;
    private BatchClientOf _client = null!;

    public async Task InitializeAsync()
    {
        _provider = await SimulatedProvider.StartAsync(new()
        {
            ExtraPrices = [new("gpt-sought", 100, 1000) { Search = 1_000_000, Tiers = new Dictionary<string, decimal> { ["priority"] = 2 } }],
        });
        _client = new(_provider);
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _provider.DisposeAsync();
    }

    [Fact]
    public async Task Sdk_UploadsMakesEndsAndReads_AtHalfThePrice()
    {
        var options = new OpenAIClientOptions { Endpoint = _provider.OpenAIEndpoint, RetryPolicy = new ClientRetryPolicy(maxRetries: 0) };
        var files = new OpenAIFileClient(new ApiKeyCredential("test-key"), options);
        var batches = new BatchClient(new ApiKeyCredential("test-key"), options);

        OpenAIFile file = await files.UploadFileAsync(BinaryData.FromString(Line("r0") + "\n" + Line("r1") + "\n"), "requests.jsonl", FileUploadPurpose.Batch);
        var made = await batches.CreateBatchAsync(
            BinaryContent.Create(BinaryData.FromString($$"""{"input_file_id":"{{file.Id}}","endpoint":"/v1/chat/completions","completion_window":"24h"}""")),
            waitUntilCompleted: false);
        Assert.False(made.HasCompleted);
        _provider.OpenAIBatches.End(made.BatchId);
        await made.UpdateStatusAsync();
        Assert.True(made.HasCompleted);
        var batch = JsonNode.Parse((await made.GetBatchAsync(null)).GetRawResponse().Content)!;
        BinaryData output = await files.DownloadFileAsync((string)batch["output_file_id"]!);

        Assert.Equal(["r1", "r0"], output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => (string)JsonNode.Parse(line)!["custom_id"]!));
        Assert.Equal(2 * ((9 * 250) + (20 * 1000)) / 2, _provider.Bill.TotalMicrocents);
        Assert.Equal(_provider.Bill.TotalMicrocents, _provider.Bill.TotalFor("test-key"));
        Assert.True((await files.DeleteFileAsync(file.Id)).Value.Deleted);
    }

    [Theory]
    [InlineData(Chat, """{"model":"gpt-4o","messages":[{"role":"user","content":"hello world"}]}""", "chat.completion", "default", ((9 * 250) + (20 * 1000)) / 2)]
    [InlineData("/v1/responses", """{"model":"gpt-4o","input":"hello world"}""", "response", "default", ((9 * 250) + (20 * 1000)) / 2)]
    [InlineData("/v1/embeddings", """{"model":"text-embedding-3-small","input":"hello world"}""", "list", null, 2)]
    public async Task Endpoint_AnswersInItsFormat_AtHalfThePrice(string endpoint, string body, string kind, string? tier, long bill)
    {
        var id = await _client.MakeAsync([Line("r0", body, endpoint)], endpoint);
        _provider.OpenAIBatches.End(id);
        var line = Assert.Single(await _client.LinesAsync(await _client.BatchAsync(id), "output_file_id"));

        Assert.Equal(("r0", 200, kind), ((string)line["custom_id"]!, (int)line["response"]!["status_code"]!, (string)line["response"]!["body"]!["object"]!));
        Assert.Equal(tier, (string?)line["response"]!["body"]!["service_tier"]);
        Assert.Null(line["error"]);
        Assert.Equal(bill, _provider.Bill.TotalMicrocents);
    }

    [Fact]
    public async Task Batch_ItsWay()
    {
        var (_, file) = await _client.UploadAsync(Line("r0") + "\n" + Line("r1"));
        var (status, made) = await _client.CreateAsync((string)file["id"]!, more: """, "metadata":{"job":"night"}""");
        Assert.Equal((200, "validating", 0), (status, (string)made["status"]!, (int)made["request_counts"]!["total"]!));
        var id = (string)made["id"]!;
        var running = await _client.BatchAsync(id);
        Assert.Equal(("in_progress", 2), ((string)running["status"]!, (int)running["request_counts"]!["total"]!));
        Assert.Null(running["output_file_id"]);
        Assert.Equal(0, _provider.Bill.BilledCalls);

        _provider.OpenAIBatches.EndAll();
        _provider.OpenAIBatches.EndAll();
        var ended = await _client.BatchAsync(id);

        Assert.Equal(("completed", "gpt-4o", "night"), ((string)ended["status"]!, (string)ended["model"]!, (string)ended["metadata"]!["job"]!));
        Assert.Equal((2, 2, 0), Counts(ended));
        Assert.Equal((18, 40), ((int)ended["usage"]!["input_tokens"]!, (int)ended["usage"]!["output_tokens"]!));
        Assert.NotNull(ended["completed_at"]);
        Assert.Null(ended["error_file_id"]);
        Assert.Equal(2, _provider.Bill.BilledCalls);
    }

    private static (int Total, int Completed, int Failed) Counts(JsonNode batch) =>
        ((int)batch["request_counts"]!["total"]!, (int)batch["request_counts"]!["completed"]!, (int)batch["request_counts"]!["failed"]!);
}
