using SpendGuard.Testing.Provider;
using static SpendGuard.Testing.Tests.Provider.Batches.BatchClientOf;

namespace SpendGuard.Testing.Tests.Provider.Batches;

/// <summary>What is sent to be kept, as a file or as a batch, and what becomes of it where the provider fails.</summary>
public sealed class OpenAIFileTests : IAsyncLifetime
{
    private SimulatedProvider _provider = null!;
    private BatchClientOf _client = null!;

    public async Task InitializeAsync()
    {
        _provider = await SimulatedProvider.StartAsync();
        _client = new(_provider);
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _provider.DisposeAsync();
    }

    [Theory]
    [InlineData("batch", "requests.jsonl", null, 2_592_000)]
    [InlineData("batch", "requests.jsonl", "3600", 3_600)]
    [InlineData("user_data", "notes.txt", null, null)]
    public async Task File_IsKeptAsItCame(string purpose, string name, string? seconds, int? kept)
    {
        const string Content = "ä\r\nno json";
        var (status, file) = await _client.UploadAsync(Content, purpose, name, seconds);
        var id = (string)file["id"]!;

        Assert.Equal((200, purpose, name, 11), (status, (string)file["purpose"]!, (string)file["filename"]!, (int)file["bytes"]!));
        Assert.Equal(kept, (long?)file["expires_at"] - (long)file["created_at"]!);
        Assert.Equal(Content, await _client.ContentAsync(id));
        Assert.Equal(Content, _provider.Files.TextOf(id));
        Assert.Equal(file.ToJsonString(), (await _client.GetAsync("/v1/files/" + id)).Body.ToJsonString());

        Assert.True((bool)(await _client.DeleteAsync("/v1/files/" + id)).Body["deleted"]!);
        Assert.Equal(404, (await _client.GetAsync($"/v1/files/{id}/content")).Status);
        Assert.Empty(_provider.Files.Ids);
    }

    [Theory]
    [InlineData("requests.txt", null)]
    [InlineData("requests.jsonl", "1")]
    [InlineData("requests.jsonl", "never")]
    public async Task File_ThatIsNotTaken_Is400(string name, string? seconds)
    {
        Assert.Equal(400, (await _client.UploadAsync(Line("r0"), name: name, seconds: seconds)).Status);
        Assert.Empty(_provider.Files.Ids);
    }

    [Fact]
    public async Task File_ThatIsNoForm_Is400() => Assert.Equal(400, (await _client.PostAsync("/v1/files", "{}")).Status);

    [Theory]
    [InlineData("/v1/files", false)]
    [InlineData("/v1/files", true)]
    [InlineData("/v1/batches", false)]
    [InlineData("/v1/batches", true)]
    public async Task Failure_KeepsWhatIsBilledAllTheSame(string path, bool billed)
    {
        _provider.ForRequest = request => request.Path == path ? new() { FailWithStatus = 503, BillFailures = billed } : Behaviour.Honest;
        var (uploaded, file) = await _client.UploadAsync(Line("r0"));
        Assert.Equal(path == "/v1/files" ? 503 : 200, uploaded);
        if (path == "/v1/batches")
        {
            Assert.Equal(503, (await _client.CreateAsync((string)file["id"]!)).Status);
        }

        Assert.Equal(billed ? 1 : 0, path == "/v1/files" ? _provider.Files.Ids.Count : _provider.OpenAIBatches.Ids.Count);
        _provider.OpenAIBatches.EndAll();
        Assert.Equal(path == "/v1/batches" && billed ? ((9 * 250) + (20 * 1000)) / 2 : 0, _provider.Bill.TotalMicrocents);
    }

    [Theory]
    [InlineData("/v1/files")]
    [InlineData("/v1/batches")]
    public async Task Cut_NobodyIsToldOfWhatIsKept(string path)
    {
        _provider.ForRequest = request => new() { CutBeforeHeaders = request.Path == path };
        if (path == "/v1/files")
        {
            await Assert.ThrowsAsync<HttpRequestException>(() => _client.UploadAsync(Line("r0")));
            Assert.Single(_provider.Files.Ids);
            return;
        }

        await Assert.ThrowsAsync<HttpRequestException>(() => _client.MakeAsync([Line("r0")]));
        Assert.Single(_provider.OpenAIBatches.Ids);
    }

    [Fact]
    public async Task Hang_TheBatchIsMadeAndTheClientGoes()
    {
        var (_, file) = await _client.UploadAsync(Line("r0"));
        var arrived = new TaskCompletionSource();
        _provider.Behaviour = new() { Hang = true };
        _provider.OnArrival = _ =>
        {
            arrived.SetResult();
            return Task.CompletedTask;
        };
        using var gone = new CancellationTokenSource();
        var call = _client.PostAsync("/v1/batches", $$"""{"input_file_id":"{{(string)file["id"]!}}","endpoint":"{{Chat}}","completion_window":"24h"}""", gone.Token);
        await arrived.Task;
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await _provider.WhenIdleAsync();

        Assert.Single(_provider.OpenAIBatches.Ids);
    }
}
