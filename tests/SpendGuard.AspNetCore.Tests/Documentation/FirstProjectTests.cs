using System.Diagnostics;
using System.Net;
using System.Text.RegularExpressions;
using SpendGuard.Testing;
using SpendGuard.Testing.Provider;

namespace SpendGuard.AspNetCore.Tests.Documentation;

/// <summary>
/// What is printed for a new web application builds in one, from the packages, with nothing else in it, and answers as the page says. The console program of the README is in
/// <c>FirstMinutesTests</c>.
/// </summary>
[Trait(Traits.Category, Traits.Slow)]
public sealed partial class FirstProjectTests : IDisposable
{
    private const string PrintedClient = """new OpenAIClient(builder.Configuration["OPENAI_API_KEY"]!)""";

    private static readonly string[] Packed = ["SpendGuard", "SpendGuard.Extensions.AI", "SpendGuard.AspNetCore"];

    private readonly PackageVersions _versions = new();

    private readonly TempFolder _folder = new();

    [Fact]
    public async Task PrintedCode_InAnEmptyWebApplication_BuildsFromThePackages_AndAnswers()
    {
        await using var provider = await SimulatedProvider.StartAsync();
        var (packages, code) = await PrintedAsync("references/aspnetcore.md");
        Assert.Contains(PrintedClient, code, StringComparison.Ordinal);
        await WriteAsync("Web", packages, code.Replace(
            PrintedClient,
            $$"""new OpenAIClient(new System.ClientModel.ApiKeyCredential("any"), new() { Endpoint = new("{{provider.OpenAIEndpoint}}") })""",
            StringComparison.Ordinal));
        await File.WriteAllTextAsync(
            _folder.File("Packages.slnx"),
            $"""<Solution>{string.Concat(Packed.Select(project => $"""<Project Path="{Repository.Path("src", project, project + ".csproj")}"/>"""))}</Solution>""");
        await DotnetAsync(
            "pack", _folder.File("Packages.slnx"), "--configuration", "Release", "--output", _folder.File("packages"), $"-p:PackageVersion={_versions.Own}");
        await DotnetAsync("build", _folder.File("Web/Web.csproj"), $"-p:RestoreAdditionalProjectSources={_folder.File("packages")}", "-p:NuGetAudit=false");

        using var application = Process.Start(Starting([_folder.File("Web/bin/Debug/net10.0/Web.dll"), "--urls", "http://127.0.0.1:0"]))!;
        try
        {
            using var client = new HttpClient { BaseAddress = await AddressAsync(application.StandardOutput) };
            var ann = await AskAsync(client, "ann");
            var nobody = await AskAsync(client, user: null);
            var stranger = await AskAsync(client, "bob");

            Assert.Equal((HttpStatusCode.OK, HttpStatusCode.BadRequest, HttpStatusCode.PaymentRequired), (ann, nobody, stranger));
            Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(new Uri("health", UriKind.Relative))).StatusCode);
            Assert.Equal(1, provider.Bill.BilledCalls);
        }
        finally
        {
            application.Kill();
            await application.WaitForExitAsync();
        }
    }

    public void Dispose()
    {
        _folder.Dispose();
        var cache = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        foreach (var package in Directory.EnumerateDirectories(cache, "spendguard*").Select(package => Path.Combine(package, _versions.Own)).Where(Directory.Exists))
        {
            Directory.Delete(package, recursive: true);
        }
    }

    private static async Task<Uri> AddressAsync(StreamReader output)
    {
        while (true)
        {
            var line = await output.ReadLineAsync() ?? throw new InvalidOperationException("The application has ended.");
            if (line.IndexOf("http://127.0.0.1:", StringComparison.Ordinal) is >= 0 and var at)
            {
                _ = output.ReadToEndAsync();
                return new Uri(line[at..]);
            }
        }
    }

    private static async Task<HttpStatusCode> AskAsync(HttpClient client, string? user)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "chat?question=Hello");
        if (user is not null)
        {
            request.Headers.Add("x-user", user);
        }

        return (await client.SendAsync(request)).StatusCode;
    }

    /// <summary>The first packages and the first code that a page has with the namespaces that it needs.</summary>
    private static async Task<(IReadOnlyList<string> Packages, string Code)> PrintedAsync(string page)
    {
        var text = await File.ReadAllTextAsync(Repository.Path(page));
        var block = Block().Match(text);
        var packages = Package().Matches(text[..block.Index]).Select(line => line.Groups["name"].Value).ToList();
        Assert.NotEmpty(packages);
        Assert.StartsWith("using ", block.Groups["code"].Value, StringComparison.Ordinal);
        return (packages, block.Groups["code"].Value);
    }

    private async Task WriteAsync(string name, IReadOnlyList<string> packages, string code)
    {
        var folder = Directory.CreateDirectory(_folder.File(name)).FullName;
        await File.WriteAllTextAsync(
            Path.Combine(folder, name + ".csproj"),
            $"""
             <Project Sdk="Microsoft.NET.Sdk.Web">
               <PropertyGroup>
                 <TargetFramework>net10.0</TargetFramework><ImplicitUsings>enable</ImplicitUsings><Nullable>enable</Nullable>
                 <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
               </PropertyGroup>
               <ItemGroup>{string.Concat(packages.Select(package => $"""<PackageReference Include="{package}" Version="{_versions.Of(package)}"/>"""))}</ItemGroup>
             </Project>
             """);
        await File.WriteAllTextAsync(Path.Combine(folder, "Program.cs"), code);
    }

    private async Task DotnetAsync(params string[] args)
    {
        using var process = Process.Start(Starting([.. args, "--verbosity", "quiet"]))!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"dotnet {string.Join(' ', args)}\n{await output}\n{await errors}");
    }

    private ProcessStartInfo Starting(IReadOnlyList<string> args)
    {
        var start = new ProcessStartInfo("dotnet", args)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            WorkingDirectory = _folder.Path,
        };
        start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = start.Environment["DOTNET_NOLOGO"] = "1";
        start.Environment.Remove("MSBuildSDKsPath");
        return start;
    }

    [GeneratedRegex("```csharp\n(?<code>.*?)```", RegexOptions.Singleline | RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex Block();

    [GeneratedRegex("^dotnet add package (?<name>[A-Za-z.]+)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex Package();
}
