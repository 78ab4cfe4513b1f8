using System.Text.Json.Nodes;

namespace SpendGuard.Sidecar.Tests.Control;

public sealed class ApiDescriptionTests
{
    /// <summary>The copy that people read. Set UPDATE_OPENAPI=1 to write it anew.</summary>
    private static readonly string Copy = Repository.Path("references", "openapi.json");

    [Fact]
    public async Task Description_IsTheCheckedInOne()
    {
        await using var sidecar = await SidecarFixture.StartAsync();
        var served = JsonNode.Parse(await sidecar.Client.GetStringAsync("/openapi.json"))!;
        if (Environment.GetEnvironmentVariable("UPDATE_OPENAPI") == "1")
        {
            await File.WriteAllTextAsync(Copy, served.ToJsonString(new() { WriteIndented = true }) + "\n");
        }

        Assert.True(
            JsonNode.DeepEquals(JsonNode.Parse(await File.ReadAllTextAsync(Copy)), served),
            "references/openapi.json is not what the sidecar serves. Run this test with UPDATE_OPENAPI=1 and look at the difference.");
    }
}
