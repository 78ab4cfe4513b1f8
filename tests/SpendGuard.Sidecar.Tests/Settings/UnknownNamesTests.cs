using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using SpendGuard.Sidecar.Settings;

namespace SpendGuard.Sidecar.Tests.Settings;

/// <summary>A setting whose name nobody reads does nothing, and a budget is passed for it; so it stops the start, as a wrong value does.</summary>
public sealed partial class UnknownNamesTests
{
    [Theory]
    [InlineData("SPENDGUARD_OVERLOAD", "SPENDGUARD_OVERLAOD")]
    [InlineData("SPENDGUARD_DRAIN_SECONDS", "SPENDGUARD_DRIAN_SECONDS")]
    [InlineData("CAP_SQLITE_PATH", "CAP_SQLITE_PTH")]
    [InlineData("CAP_ADMIN_KEY", "cap_adminkey")]
    [InlineData("CAP_SQLITE_PATH", "CAP_DATABASE_PATH")]
    [InlineData("SPENDGUARD_OVERLOAD", "SPENDGUARD_TOTAL_OVERLOAD")]
    [InlineData("SpendGuard:Providers", "SpendGuard:Provders:mine:BaseUrl")]
    [InlineData("CAP_SQLITE_PATH", "CAP:SQLITE_PATH")]
    [InlineData("SPENDGUARD_OVERLOAD", "SPENDGUARD:OVERLOAD")]
    [InlineData("CAP_BASE_URL", "CAP_BASE_ULR")]
    [InlineData("ASPNETCORE_URLS", "ASPNETCORE_URL")]
    [InlineData("OPENAI_BASE_URL", "OPENAI_BASE_ULR")]
    [InlineData("OPENAI_API_KEY", "OPENAI_API_KY")]
    [InlineData("ANTHROPIC_BASE_URL", "ANTHROPIC_BASEURL")]
    public void Name_InTheEnvironment_ThatBeginsAsOursAndIsNone_StopsTheStart(string meant, string name)
    {
        var shown = name.StartsWith("SpendGuard:", StringComparison.Ordinal) ? "SpendGuard:Provders" : name;

        Assert.Equal(
            [$"{shown} is no setting. The nearest is {meant}: set that, or take {shown} out."],
            FaultsOf([], (name.Replace(":", "__", StringComparison.Ordinal), "5")));
    }

    [Theory]
    [InlineData("CAP_API_KEY", "5")]
    [InlineData("CAP_BASE_URL", "5")]
    [InlineData("SPENDGUARD_AGENT_ID", "5")]
    [InlineData("SPENDGUARD_API_KEY", "5")]
    [InlineData("SPENDGUARD_RUN_KEY", "5")]
    [InlineData("SPENDGUARD_RUN_URL", "5")]
    [InlineData("SPENDGUARD_OVERLAOD", "")]
    [InlineData("CAPACITY", "5")]
    [InlineData("CAP", "5")]
    [InlineData("SPENDGUARD", "5")]
    [InlineData("CAP__ADD", "5")]
    [InlineData("ASPNETCORE_URLS", "http://127.0.0.1:0")]
    [InlineData("ASPNETCORE_ENVIRONMENT", "Production")]
    [InlineData("ZAI_API_KEY", "5")]
    [InlineData("OPENAI_API_VERSION", "5")]
    [InlineData("ANTHROPIC_AUTH_TOKEN", "5")]
    [InlineData("OPENAI_ORGANIZATION", "5")]
    [InlineData("XCAP_SQLITE_PTH", "5")]
    [InlineData("SpendGuard__Budgets__Default", "5")]
    [InlineData("SPENDGUARD_SERVICE_HOST", "10.0.0.1")]
    [InlineData("SPENDGUARD_SERVICE_PORT", "8787")]
    [InlineData("SPENDGUARD_SERVICE_PORT_HTTP", "8787")]
    [InlineData("SPENDGUARD_PORT", "tcp://10.0.0.1:8787")]
    [InlineData("SPENDGUARD_PORT_8787_TCP", "tcp://10.0.0.1:8787")]
    [InlineData("SPENDGUARD_PORT_8787_TCP_ADDR", "10.0.0.1")]
    [InlineData("SPENDGUARD_PORT_8787_TCP_PORT", "8787")]
    [InlineData("SPENDGUARD_PORT_8787_TCP_PROTO", "tcp")]
    [InlineData("SPENDGUARD_DB_SERVICE_HOST", "10.0.0.2")]
    [InlineData("SPENDGUARD_DB_PORT", "udp://10.0.0.2:53")]
    [InlineData("SPENDGUARD_DB_PORT_53_UDP_ADDR", "10.0.0.2")]
    public void Name_InTheEnvironment_ThatIsOfSomebodyElse_IsLeftAlone(string name, string value) => Assert.Empty(FaultsOf([], (name, value)));

    /// <summary>Wherever the right one is set.</summary>
    [Fact]
    public void Name_ThatIsNearlyOfAProvider_BesideTheRightOne_IsLeftAlone()
    {
        Assert.Empty(FaultsOf([], ("OPENAI_API_KEY", "5"), ("OPENAI_API_KEY2", "6")));
        Assert.Empty(FaultsOf(["--OPENAI_API_KEY", "5"], ("OPENAI_API_KEY2", "6")));
    }

    /// <summary>Nobody is told to say that a store was restored because a machine has a variable of this name.</summary>
    [Theory]
    [InlineData("SPENDGUARD_HOME")]
    [InlineData("SPENDGUARD_NAME")]
    [InlineData("SPENDGUARD_IMAGE")]
    [InlineData("CAP_ADD")]
    public void Name_ThatIsLikeNone_IsNotTakenForOne(string name) =>
        Assert.Equal([$"{name} is no setting, nor like one. Take it out."], FaultsOf([], (name, "x")));

    [Fact]
    public void Value_ThatHasAValueBelowItInTheEnvironment_StopsTheStart() => Assert.Equal(
        ["SPENDGUARD_OVERLOAD is a value, and has 'MODE' below it. Write it as one value."], FaultsOf([], ("SPENDGUARD_OVERLOAD__MODE", "forfeit")));

    [Fact]
    public void Value_ThatIsASectionOrAList_StopsTheStart()
    {
        using var folder = new TempFolder();
        var file = folder.File("sidecar.json");
        File.WriteAllText(file, """{"SPENDGUARD_OVERLOAD":{"x":"forfeit"},"CAP_ALLOWED_ORIGINS":["http://a"],"SPENDGUARD_REQUIRE_KEYS":[true]}""");

        Assert.Equal(
            ["CAP_ALLOWED_ORIGINS is a value, and has '0' below it. Write it as one value.", "SPENDGUARD_OVERLOAD is a value, and has 'x' below it. Write it as one value.", "SPENDGUARD_REQUIRE_KEYS is a value, and has '0' below it. Write it as one value."],
            FaultsOf(["--config", file]).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Port_ThatIsNoAddressOfAService_StopsTheStart() => Assert.Contains(
        "SPENDGUARD_PORT is no setting, nor like one. ", Assert.Single(FaultsOf([], ("SPENDGUARD_PORT", "9000"))), StringComparison.Ordinal);

    [Theory]
    [InlineData("--ASPNETCORE_URLS http://127.0.0.1:0", "--ASPNETCORE_URLS is no setting. The nearest is --urls: set that, or take --ASPNETCORE_URLS out.")]
    [InlineData("--SQLITE_PATH a.db", "--SQLITE_PATH is no setting. The nearest is --CAP_SQLITE_PATH: set that, or take --SQLITE_PATH out.")]
    [InlineData("--CAP_API_KEY=5", "--CAP_API_KEY is for commands and clients, and the sidecar does not read it. Take it out.")]
    [InlineData("--CAP_BASE_ULR=5", "--CAP_BASE_ULR is no setting, nor like one. Take it out.")]
    [InlineData("--CAP:SQLITE_PATH=a.db", "--CAP:SQLITE_PATH is no setting. The nearest is --CAP_SQLITE_PATH: ")]
    [InlineData("--SpendGuard=5", "--SpendGuard is no setting, nor like one. Take it out.")]
    [InlineData("--SPENDGUARD_PORT_8787_TCP_PORT 5", "--SPENDGUARD_PORT_8787_TCP_PORT is no setting, nor like one. ")]
    [InlineData("--SpendGuard:Budgets:Default 5", "--SpendGuard:Budgets is no setting, nor like one. Take it out.")]
    [InlineData("--CAP_SQLITE_PATH=", "--CAP_SQLITE_PATH is empty. Give it a value, or leave it out.")]
    [InlineData("--SPENDGUARD_OVERLOAD:Mode forfeit", "SPENDGUARD_OVERLOAD is a value, and has 'Mode' below it. Write it as one value.")]
    [InlineData("budgets.db", "'budgets.db' on the command line belongs to no setting. Write --NAME budgets.db, with the name of one.")]
    [InlineData("-v --CAP_MODE sidecar", "'-v' on the command line belongs to no setting. ")]
    [InlineData("--CAP_SQLITE_PATH", "--CAP_SQLITE_PATH has no value. Write --CAP_SQLITE_PATH VALUE, ")]
    [InlineData("--CAP_SQLITE_PATH --CAP_MODE sidecar", "--CAP_SQLITE_PATH has no value. ")]
    public void CommandLine_ThatIsNotRead_StopsTheStart(string line, string fault) =>
        Assert.Contains(FaultsOf(line.Split(' ')), found => found.StartsWith(fault, StringComparison.Ordinal));

    [Theory]
    [InlineData("--urls http://127.0.0.1:0 --CAP_MODE=sidecar cap_sqlite_path=a.db /CAP_STORE sqlite")]
    [InlineData("--Kestrel:Endpoints:One:Url http://127.0.0.1:0 --Logging:LogLevel:Default Warning --OTEL_EXPORTER_OTLP_PROTOCOL grpc")]
    [InlineData("--SpendGuard:Providers:mine:BaseUrl http://127.0.0.1:9 --SpendGuard:Providers:mine:KeyVariable MY_KEY --MY_KEY secret")]
    public void CommandLine_ThatIsRead_Starts(string line) => Assert.Empty(FaultsOf(line.Split(' ')));

    [Fact]
    public void File_WithNamesThatAreNotRead_StopsTheStart()
    {
        using var folder = new TempFolder();
        var file = folder.File("sidecar.json");
        File.WriteAllText(file, """{"CAP_MODE":"sidecar","CAP_SQLITE_PTH":"x","Kestrl":{"Limits":{}},"Logging":{"LogLevel":{"Default":"Warning"}}}""");

        Assert.Equal(
            [
                "CAP_SQLITE_PTH is no setting. The nearest is CAP_SQLITE_PATH: set that, or take CAP_SQLITE_PTH out.",
                "Kestrl is no setting. The nearest is Kestrel: set that, or take Kestrl out.",
            ],
            FaultsOf(["--config", file]));
    }

    [Fact]
    public void All_AreNamedAtOnce() => Assert.Equal(
        4, FaultsOf(["stray", "--CAP_MOD", "sidecar"], ("CAP_SQLITE_PTH", "x"), ("SPENDGUARD_STRICT_FIELDS", "perhaps")).Count);

    /// <summary>What the page has and what is read are the same, also where something is asked for only beside something else.</summary>
    [Fact]
    public void Names_OfThePage_AreThoseThatAreRead()
    {
        var names = Read();
        var table = File.ReadAllText(Repository.Path("references", "sidecar.md")).Split("\n## Settings\n")[1].Split("\n## ")[0].Split('\n')
            .Where(line => line.StartsWith("| `", StringComparison.Ordinal))
            .SelectMany(line => Name().Matches(line.Split('|')[1]).Select(match => match.Value))
            .Where(name => name != "ASPNETCORE_URLS");

        Assert.Equal(names.Order(StringComparer.Ordinal), table.Order(StringComparer.Ordinal));
    }

    /// <summary>Every setting, with each of its letters left out and each two of them exchanged.</summary>
    [Fact]
    public void EverySetting_IsFoundWhereItIsMisspelt()
    {
        foreach (var setting in Read().Where(name => name.StartsWith("CAP_", StringComparison.Ordinal) || name.StartsWith("SPENDGUARD_", StringComparison.Ordinal)))
        {
            var at = setting.Length - 2;
            foreach (var name in (string[])[setting.Remove(at, 1), setting[..at] + setting[at + 1] + setting[at]])
            {
                Assert.Contains($"{name} is no setting. The nearest is {setting}: set that, or take {name} out.", FaultsOf([], (name, "5")));
            }
        }
    }

    [Theory]
    [InlineData("BaseUri", "http://127.0.0.1:9/v1", "SpendGuard:Providers:mine:BaseUri is no setting of a provider. There are: BaseUrl, KeyVariable, OutputCap, ForwardHeaders.", "SpendGuard:Providers:mine:BaseUrl is not set; it has to be an http or https address without a query.")]
    [InlineData("KeyVariable", "MY_KEY", "SpendGuard:Providers:mine:BaseUrl is not set; it has to be an http or https address without a query.")]
    public void Provider_WithoutAnAddress_StopsTheStart(string name, string value, params string[] expected) =>
        Assert.Equal(expected, FaultsOf([], ("SpendGuard__Providers__mine__" + name, value)));

    [Fact]
    public void Provider_WithASettingThatIsNone_StopsTheStart() => Assert.Equal(
        ["SpendGuard:Providers:mine:OutputCpa is no setting of a provider. There are: BaseUrl, KeyVariable, OutputCap, ForwardHeaders."],
        FaultsOf([], ("SpendGuard__Providers__mine__baseurl", "http://127.0.0.1:9/v1"), ("SpendGuard__Providers__mine__OutputCpa", "both")));

    [Theory]
    [InlineData("http://alerts.example/hook", false)]
    [InlineData("http://10.0.0.5/hook", false)]
    [InlineData("http://localhost:9/hook", true)]
    [InlineData("http://127.0.0.1:9/hook", true)]
    [InlineData("https://alerts.example/hook", true)]
    public void Webhook_WithoutEncryption_IsForThisMachine(string address, bool taken) => Assert.Equal(
        taken, FaultsOf([], ("CAP_ALERT_WEBHOOK_URL", address), ("CAP_ALERT_WEBHOOK_SECRET", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")).Count == 0);

    private static IReadOnlyCollection<string> Read()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([KeyValuePair.Create<string, string?>("CAP_SQLITE_PATH", "unused.db")]).Build();
        var reader = new SettingsReader(configuration);
        EnvironmentSettings.Read(reader, configuration);
        return reader.Names;
    }

    private static IReadOnlyList<string> FaultsOf(string[] args, params (string Name, string Value)[] environment)
    {
        var configuration = new ConfigurationManager();
        configuration.AddSources(args, environment.Append((Name: "CAP_SQLITE_PATH", Value: "unused.db")).ToDictionary(variable => variable.Name, variable => variable.Value, StringComparer.Ordinal));
        try
        {
            EnvironmentSettings.Read(configuration, args);
            return [];
        }
        catch (SettingsException exception)
        {
            return exception.Faults;
        }
    }

    [GeneratedRegex("[A-Z]+(_[A-Z0-9]+)+(?=`)", RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex Name();
}
