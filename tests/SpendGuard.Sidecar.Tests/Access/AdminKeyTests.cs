using System.Net;
using Microsoft.Extensions.Logging;
using SpendGuard.Sidecar.Access;

namespace SpendGuard.Sidecar.Tests.Access;

/// <summary>A sidecar on one machine whose control routes have a key.</summary>
public sealed class AdminKeyTests
{
    private const string Key = "the-admin-key";

    [Fact]
    public async Task EveryRoute_WithEachKindOfKey_OpensAsItsRuleSays()
    {
        await using var sidecar = await SidecarFixture.StartAsync(settings: ("CAP_ADMIN_KEY", Key));
        (string? Header, string? Value, bool Opens)[] keys =
        [
            (null, null, false),
            ("x-api-key", "another-key", false),
            ("x-api-key", Key + " ", true), // White space at the ends of a header's value is no part of it.
            ("x-api-key", Key[..^1], false),
            ("Authorization", "Bearer another-key", false),
            ("Authorization", "Basic " + Key, false),
            ("Authorization", "Bearer " + Key, true),
            ("authorization", "bearer " + Key, true),
        ];
        foreach (var route in Route.All(sidecar.App))
        {
            foreach (var (header, value, opens) in keys)
            {
                using var request = route.Request("nobody");
                if (header is not null)
                {
                    request.Headers.TryAddWithoutValidation(header, value);
                }

                using var response = await sidecar.Client.SendAsync(request);

                var shut = route.Rule is AccessRule.Read or AccessRule.Admin && !opens;
                Assert.True(
                    shut == (response.StatusCode == HttpStatusCode.Unauthorized),
                    $"{route} with {header}: {value} answered {(int)response.StatusCode}.");
                Assert.NotEqual(HttpStatusCode.Forbidden, response.StatusCode);
            }
        }

        Assert.DoesNotContain(sidecar.Provider.Calls, call => call.Billed);
    }

    /// <summary>Not how to replace a lost one: it may be an agent that asks.</summary>
    [Theory]
    [InlineData("/v1/admin-key", null)]
    [InlineData("/v1/admin-key", "another-key")]
    [InlineData("/v1/agents", null)]
    public async Task NoKey_IsToldWhereTheKeyIs(string path, string? key)
    {
        await using var sidecar = await SidecarFixture.StartAsync(settings: ("CAP_ADMIN_KEY", Key));

        var answer = await sidecar.AskAsync(path, agent: null, "{}", [.. key is null ? [] : new[] { ("x-api-key", key) }]);

        Assert.Equal(401, answer.Status);
        Assert.StartsWith((string?)answer.Body["detail"], (string?)answer.Body["message"], StringComparison.Ordinal);
        Assert.Contains("If it is lost, whoever runs the sidecar can replace it", (string?)answer.Body["message"], StringComparison.Ordinal);
        Assert.DoesNotContain(".admin-key", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AdminKey_IsNotSentToTheProvider()
    {
        await using var sidecar = await SidecarFixture.StartAsync(settings: ("CAP_ADMIN_KEY", Key));
        sidecar.Client.DefaultRequestHeaders.Add("x-api-key", Key);
        var agent = await sidecar.AgentAsync();
        var sent = "";
        sidecar.Provider.OnArrival = request =>
        {
            sent = string.Join('\n', request.Headers);
            return Task.CompletedTask;
        };

        using var response = await sidecar.PostAsync(
            "/v1/chat/completions", agent, """{"model":"gpt-4o-mini","messages":[{"role":"user","content":"hello"}]}""");

        response.EnsureSuccessStatusCode();
        Assert.Contains("the-openai-key", sent, StringComparison.Ordinal);
        Assert.DoesNotContain(Key, sent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task NoAdminKey_ControlRoutesAreOpen_AndTheStartSaysSo()
    {
        await using var sidecar = await SidecarFixture.StartAsync();

        using var response = await sidecar.Client.GetAsync(new Uri("/v1/agents", UriKind.Relative));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Single(sidecar.Log.At(LogLevel.Warning), Open);
        Assert.Equal("open", (await sidecar.GetAsync("/ready")).Body["control"]!.GetValue<string>());
    }

    [Fact]
    public async Task AdminKey_IsNotSaidToBeMissing()
    {
        await using var sidecar = await SidecarFixture.StartAsync(settings: ("CAP_ADMIN_KEY", Key));

        Assert.DoesNotContain(sidecar.Log.At(LogLevel.Warning), line => Open(line));
        Assert.Equal("key", (await sidecar.GetAsync("/ready")).Body["control"]!.GetValue<string>());
    }

    /// <summary>An agent has the same machine, and so whatever needs no key: it makes itself no budget.</summary>
    [Fact]
    public async Task KeyThatWasMade_IsTheOnlyOneThatSetsBudgets_InEverySidecarOnTheFile()
    {
        using var folder = new TempFolder();
        var settings = new Dictionary<string, string?>(StringComparer.Ordinal) { ["CAP_PRICING_SOURCE"] = "bundled" };
        await using var sidecar = new SidecarUnderTest(folder, TimeProvider.System, settings);
        await sidecar.App.StartAsync();
        var agent = await sidecar.AgentAsync(cents: 1);
        var made = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => MakeAsync(sidecar)));
        var key = made.Single(answer => answer.Status == HttpStatusCode.OK).Key!;
        Assert.All(made, answer => Assert.Contains(answer.Status, (HttpStatusCode[])[HttpStatusCode.OK, HttpStatusCode.Conflict, HttpStatusCode.Unauthorized]));

        await using var other = new SidecarUnderTest(folder, TimeProvider.System, settings);
        await other.App.StartAsync();
        foreach (var one in (SidecarUnderTest[])[sidecar, other])
        {
            Assert.Equal(HttpStatusCode.Unauthorized, await RaiseAsync(one, agent, key: null));
            Assert.Equal(HttpStatusCode.Unauthorized, await RaiseAsync(one, agent, key + "0"));
            Assert.Equal(HttpStatusCode.OK, await RaiseAsync(one, agent, key));
            Assert.Equal(HttpStatusCode.Unauthorized, (await MakeAsync(one)).Status);
            Assert.Equal(HttpStatusCode.Conflict, (await MakeAsync(one, key)).Status);
        }

        Assert.DoesNotContain(other.Log.At(LogLevel.Warning), line => Open(line));
        foreach (var path in Directory.EnumerateFiles(folder.Path))
        {
            await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var reader = new StreamReader(file);
            Assert.DoesNotContain(key, await reader.ReadToEndAsync(), StringComparison.Ordinal);
        }
    }

    /// <summary>Whoever can take the hash away has not got the key.</summary>
    [Theory]
    [InlineData("")]
    [InlineData("no hash")]
    public async Task KeptHash_ThatCannotBeRead_OpensNothing(string content)
    {
        using var folder = new TempFolder();
        await File.WriteAllTextAsync(folder.File("budget.db.admin-key"), content);
        await using var sidecar = new SidecarUnderTest(
            folder, TimeProvider.System, new Dictionary<string, string?>(StringComparer.Ordinal) { ["CAP_PRICING_SOURCE"] = "bundled" });
        await sidecar.App.StartAsync();

        Assert.Equal(HttpStatusCode.Unauthorized, await RaiseAsync(sidecar, "agent", content.Length > 0 ? content : "key"));
    }

    private static bool Open(string line) => line.Contains("raise budgets", StringComparison.Ordinal);

    private static async Task<(HttpStatusCode Status, string? Key)> MakeAsync(SidecarUnderTest sidecar, string? key = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("/v1/admin-key", UriKind.Relative));
        if (key is not null)
        {
            request.Headers.Add("x-api-key", key);
        }

        using var response = await sidecar.Client.SendAsync(request);
        return (response.StatusCode, response.IsSuccessStatusCode ? (await SidecarUnderTest.JsonAsync(response)).GetProperty("admin_key").GetString() : null);
    }

    private static async Task<HttpStatusCode> RaiseAsync(SidecarUnderTest sidecar, string agent, string? key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri($"/v1/agents/{agent}/budget", UriKind.Relative))
        {
            Content = SidecarUnderTest.Body("""{"hard_limit_cents":1000000}"""),
        };
        if (key is not null)
        {
            request.Headers.Add("x-api-key", key);
        }

        using var response = await sidecar.Client.SendAsync(request);
        return response.StatusCode;
    }
}
