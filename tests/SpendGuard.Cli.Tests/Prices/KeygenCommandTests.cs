using Snapshooter.Xunit;

namespace SpendGuard.Cli.Tests.Prices;

public sealed class KeygenCommandTests : IDisposable
{
    private readonly PriceFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Keygen_PrintsTheSettingAndKeepsThePrivateKeyToItsOwner()
    {
        var publicKey = await _folder.KeygenAsync();

        Assert.Equal(32, Convert.FromBase64String(publicKey).Length);
        Assert.Equal(32, Convert.FromBase64String(_folder.Read("prices.key").Trim()).Length);
        Assert.DoesNotContain(_folder.Read("prices.key").Trim(), publicKey, StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_folder.PathOf("prices.key")));
        }
    }

    [Fact]
    public async Task Keygen_OverAFileThatIsThere_IsRefusedAndLeavesIt()
    {
        await _folder.KeygenAsync();
        var kept = _folder.Read("prices.key");

        var ran = await _folder.Cli.RunAsync("prices keygen --out prices.key");

        Assert.Equal((1, "", kept), (ran.ExitCode, ran.Output, _folder.Read("prices.key")));
        Assert.StartsWith("prices.key is there already", ran.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keygen_InAFolderThatIsNotThere_IsRefused() =>
        Assert.StartsWith("no/prices.key cannot be written", (await _folder.Cli.RunAsync("prices keygen --out no/prices.key")).Error, StringComparison.Ordinal);

    [Theory]
    [InlineData("json")]
    [InlineData("terminal")]
    public async Task Keygen_IsShown(string form)
    {
        var ran = await _folder.At(terminal: form == "terminal").RunAsync("prices keygen --out prices.key" + (form == "json" ? " --json" : ""));

        var publicKey = ran.Succeeded().Split('"', '=', ' ', '\n').Single(word => word.Length == 43);
        Snapshot.Match(ran.Output.Replace(publicKey, "PUBLICKEY", StringComparison.Ordinal), $"keygen-{form}");
    }
}
