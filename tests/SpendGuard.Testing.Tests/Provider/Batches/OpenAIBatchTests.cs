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

    [Theory]
    [InlineData("no json", "invalid_json_line")]
    [InlineData("", "invalid_json_line")]
    [InlineData("""{"method":"POST","url":"/v1/chat/completions","body":{"model":"gpt-4o"}}""", "missing_required_parameter")]
    [InlineData("""{"custom_id":"r0","method":"POST","url":"/v1/chat/completions","body":{"model":"gpt-4o"}}""", "duplicate_custom_id")]
    [InlineData("""{"custom_id":"r1","method":"GET","url":"/v1/chat/completions","body":{"model":"gpt-4o"}}""", "invalid_method")]
    [InlineData("""{"custom_id":"r1","method":"POST","url":"/v1/responses","body":{"model":"gpt-4o"}}""", "invalid_url")]
    [InlineData("""{"custom_id":"r1","method":"POST","url":"/v1/chat/completions","body":[]}""", "missing_required_parameter")]
    [InlineData("""{"custom_id":"r1","method":"POST","url":"/v1/chat/completions","body":{"model":"gpt-4o","stream":true}}""", "invalid_request")]
    [InlineData("""{"custom_id":"r1","method":"POST","url":"/v1/chat/completions","body":{"model":"gpt-4o-mini"}}""", "mismatched_model")]
    public async Task MalformedLine_TheBatchFailsAndIsNotBilled(string line, string code)
    {
        var id = await _client.MakeAsync([Line("r0"), line, Line("r2")]);
        var failed = await _client.BatchAsync(id);
        _provider.OpenAIBatches.EndAll();

        Assert.Equal("failed", (string)failed["status"]!);
        var fault = Assert.Single(failed["errors"]!["data"]!.AsArray())!;
        Assert.Equal((code, 2), ((string)fault["code"]!, (int)fault["line"]!));
        Assert.Equal(failed.ToJsonString(), (await _client.BatchAsync(id)).ToJsonString());
        Assert.Equal((0, 0L), (Counts(failed).Total, _provider.Bill.TotalMicrocents));
        Assert.Equal(409, (await _client.CancelAsync(id)).Status);
    }

    [Fact]
    public async Task EmptyFile_TheBatchFails() =>
        Assert.Contains("empty_file", (await _client.BatchAsync(await EmptyAsync()))["errors"]!.ToJsonString(), StringComparison.Ordinal);

    [Fact]
    public async Task SeveralModels_WhereTheyAreTaken_EachAtItsPrice()
    {
        _provider.OpenAIBatches.TakesSeveralModels = true;
        var id = await _client.MakeAsync([Line("r0"), Line("r1", Hello("gpt-4o-mini"))]);
        _provider.OpenAIBatches.End(id);

        // 667.5 of the second is rounded up.
        Assert.Equal((((9 * 250) + (20 * 1000)) / 2) + 668, _provider.Bill.TotalMicrocents);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Cancelled_WhatWasRunIsToldAndBilled(bool listed)
    {
        _provider.OpenAIBatches.ListsCanceled = listed;
        var id = await _client.MakeAsync([Line("r0"), Line("r1"), Line("r2")]);
        var (status, cancelling) = await _client.CancelAsync(id);
        Assert.Equal((200, "cancelling"), (status, (string)cancelling["status"]!));
        _provider.OpenAIBatches.OutcomeOf = request => request == "r1" ? BatchOutcome.Succeeded : BatchOutcome.Canceled;
        _provider.OpenAIBatches.End(id);
        var cancelled = await _client.BatchAsync(id);

        Assert.Equal("cancelled", (string)cancelled["status"]!);
        Assert.Equal((3, 1, 0), Counts(cancelled));
        Assert.Equal("r1", (string)Assert.Single(await _client.LinesAsync(cancelled, "output_file_id"))["custom_id"]!);
        var errors = await _client.LinesAsync(cancelled, "error_file_id");
        Assert.Equal(listed ? ["batch_cancelled", "batch_cancelled"] : [], errors.Select(line => (string)line["error"]!["code"]!));
        Assert.Equal(((9 * 250) + (20 * 1000)) / 2, _provider.Bill.TotalMicrocents);
        Assert.Equal(200, (await _client.CancelAsync(id)).Status);
    }

    [Fact]
    public async Task Cancelled_NothingRun_HasNoFilesAndIsNotBilled()
    {
        var id = await _client.MakeAsync([Line("r0")]);
        await _client.CancelAsync(id);
        _provider.OpenAIBatches.EndAll();
        var cancelled = await _client.BatchAsync(id);

        Assert.Equal(("cancelled", null, null), ((string)cancelled["status"]!, (string?)cancelled["output_file_id"], (string?)cancelled["error_file_id"]));
        Assert.Equal(0, _provider.Bill.TotalMicrocents);
    }

    [Fact]
    public async Task Expired_SaysSoInTheFileOfErrors()
    {
        _provider.OpenAIBatches.OutcomeOf = request => request == "r0" ? BatchOutcome.Succeeded : BatchOutcome.Expired;
        var id = await _client.MakeAsync([Line("r0"), Line("r1")]);
        _provider.OpenAIBatches.End(id);
        var expired = await _client.BatchAsync(id);

        Assert.Equal("expired", (string)expired["status"]!);
        Assert.Equal((2, 1, 1), Counts(expired));
        Assert.Single(await _client.LinesAsync(expired, "output_file_id"));
        var error = Assert.Single(await _client.LinesAsync(expired, "error_file_id"));
        Assert.Equal(("r1", "batch_expired"), ((string)error["custom_id"]!, (string)error["error"]!["code"]!));
        Assert.Null(error["response"]);
        Assert.Equal(((9 * 250) + (20 * 1000)) / 2, _provider.Bill.TotalMicrocents);
        Assert.Equal(409, (await _client.CancelAsync(id)).Status);
    }

    [Theory]
    [InlineData("gpt-4o", "", 400, BatchOutcome.Errored)]
    [InlineData("gpt-unknown", "", 404, null)]
    [InlineData("gpt-4o", ""","max_tokens":0""", 400, null)]
    public async Task Errored_IsInTheFileOfErrorsAndNotBilled(string model, string more, int status, BatchOutcome? outcome)
    {
        _provider.OpenAIBatches.OutcomeOf = outcome is { } set ? _ => set : null;
        var id = await _client.MakeAsync([Line("r0", Hello(model, more))]);
        _provider.OpenAIBatches.End(id);
        var batch = await _client.BatchAsync(id);

        Assert.Equal(("completed", null), ((string)batch["status"]!, (string?)batch["output_file_id"]));
        Assert.Equal((1, 0, 1), Counts(batch));
        var error = Assert.Single(await _client.LinesAsync(batch, "error_file_id"));
        Assert.Equal(status, (int)error["response"]!["status_code"]!);
        Assert.NotNull(error["response"]!["body"]!["error"]);
        Assert.Equal(0, _provider.Bill.TotalMicrocents);
    }

    [Theory]
    [InlineData("""{"input_file_id":"FILE","endpoint":"/v1/chat/completions","completion_window":"1h"}""", "completion_window")]
    [InlineData("""{"input_file_id":"FILE","endpoint":"/v1/files","completion_window":"24h"}""", "endpoint")]
    [InlineData("""{"input_file_id":"file-unknown","endpoint":"/v1/chat/completions","completion_window":"24h"}""", "input_file_id")]
    [InlineData("""{"input_file_id":"OTHER","endpoint":"/v1/chat/completions","completion_window":"24h"}""", "input_file_id")]
    [InlineData("""{"input_file_id":"FILE","endpoint":"/v1/chat/completions","completion_window":"24h","output_expires_after":{"anchor":"created_at","seconds":1}}""", "output_expires_after")]
    [InlineData("no json", "endpoint")]
    public async Task Create_WhatIsNotServed_Is400(string body, string param)
    {
        var file = (string)(await _client.UploadAsync(Line("r0"))).Body["id"]!;
        var other = (string)(await _client.UploadAsync(Line("r0"), purpose: "user_data")).Body["id"]!;
        var (status, error) = await _client.PostAsync("/v1/batches", body.Replace("FILE", file, StringComparison.Ordinal).Replace("OTHER", other, StringComparison.Ordinal));

        Assert.Equal((400, param), (status, (string)error["error"]!["param"]!));
        Assert.Empty(_provider.OpenAIBatches.Ids);
    }

    [Fact]
    public async Task Behaviour_OfEachRequest_IsItsOwn()
    {
        _provider.ForRequest = request => request.MaxOutputTokens == 7 ? new() { GenerateToTheCap = true, CachedInputTokens = 4 } : Behaviour.Honest;
        var id = await _client.MakeAsync([Line("r0", Hello(more: ""","max_tokens":7""")), Line("r1")]);
        _provider.OpenAIBatches.End(id);

        Assert.Equal(((5 * 250) + (4 * 125) + (7 * 1000) + (9 * 250) + (20 * 1000)) / 2, _provider.Bill.TotalMicrocents);
    }

    [Fact]
    public async Task HostedSearches_AreBilledWhole()
    {
        _provider.Behaviour = new() { FixedUsage = new(9, 20) { Searches = 2 } };
        var id = await _client.MakeAsync([Line("r0", """{"model":"gpt-sought","input":"hello world","tools":[{"type":"web_search"}]}""", "/v1/responses")], "/v1/responses");
        _provider.OpenAIBatches.End(id);

        Assert.Equal((((9 * 100) + (20 * 1000)) / 2) + (2 * 1_000_000), _provider.Bill.TotalMicrocents);
    }

    [Fact]
    public async Task ServedTier_IsToldAndMultipliesHalfThePrice()
    {
        _provider.Behaviour = new() { UseTheMost = true };
        var id = await _client.MakeAsync([Line("r0", Hello("gpt-sought", ""","service_tier":"priority","max_tokens":7"""))]);
        _provider.OpenAIBatches.End(id);
        var line = Assert.Single(await _client.LinesAsync(await _client.BatchAsync(id), "output_file_id"));

        Assert.Equal("priority", (string)line["response"]!["body"]!["service_tier"]!);
        var input = (int)line["response"]!["body"]!["usage"]!["prompt_tokens"]!;
        Assert.Equal((input * 100) + (7 * 1000), _provider.Bill.TotalMicrocents);
    }

    [Theory]
    [InlineData("batch")]
    [InlineData(null)]
    public async Task ToldTier_IsWhatTheTestSays(string? tier)
    {
        _provider.OpenAIBatches.ToldTier = tier;
        var id = await _client.MakeAsync([Line("r0")]);
        _provider.OpenAIBatches.End(id);
        var line = Assert.Single(await _client.LinesAsync(await _client.BatchAsync(id), "output_file_id"));

        Assert.Equal(tier is not null, line["response"]!["body"]!.AsObject().ContainsKey("service_tier"));
        Assert.Equal(tier, (string?)line["response"]!["body"]!["service_tier"]);
    }

    [Fact]
    public async Task ResultsAndWhatIsToldOfABatch_AreSentAsTheTestSays()
    {
        var id = await _client.MakeAsync([Line("r0")]);
        _provider.OpenAIBatches.End(id);
        var output = (string)(await _client.BatchAsync(id))["output_file_id"]!;

        _provider.OpenAIBatches.Told = batch =>
        {
            batch["request_counts"] = null;
            return batch;
        };
        Assert.Null((await _client.BatchAsync(id))["request_counts"]);
        _provider.OpenAIBatches.Lines = _ => ["{}\n"];
        Assert.Equal("{}\n", await _client.ContentAsync(output));
        _provider.OpenAIBatches.CutResultsAfter = 1;
        await Assert.ThrowsAsync<HttpRequestException>(() => _client.ContentAsync(output));
    }

    private async Task<string> EmptyAsync() =>
        (string)(await _client.CreateAsync((string)(await _client.UploadAsync("")).Body["id"]!)).Body["id"]!;

    private static (int Total, int Completed, int Failed) Counts(JsonNode batch) =>
        ((int)batch["request_counts"]!["total"]!, (int)batch["request_counts"]!["completed"]!, (int)batch["request_counts"]!["failed"]!);
}
