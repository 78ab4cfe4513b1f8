using System.Runtime.InteropServices;
using System.Text.Json.Nodes;

namespace SpendGuard.Clients.Tests.Programs;

/// <summary>The npm packages in tests/clients, which <c>./test.sh --clients</c> installs; their scripts have not run.</summary>
internal static class Packages
{
    private static string Platform => $"linux-{(RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "arm64" : "x64")}";

    /// <summary>A Node.js that is new enough for all of them.</summary>
    public static string Node => Native("node-{0}", "bin/node");

    public static string Script(string path) => Existing(Repository.Path("tests", "clients", "node_modules", path));

    /// <summary>A program in the package for this machine.</summary>
    public static string Native(string package, string path) => Script($"{package}/{path}".TrimEnd('/').Replace("{0}", Platform, StringComparison.Ordinal));

    public static string Version(string package) => (string)JsonNode.Parse(File.ReadAllText(Script(package + "/package.json")))!["version"]!;

    private static string Existing(string path) => File.Exists(path)
        ? path
        : throw new InvalidOperationException($"{path} is not there. ./test.sh --clients installs it, on Linux; by hand: npm ci --ignore-scripts, in tests/clients.");
}
