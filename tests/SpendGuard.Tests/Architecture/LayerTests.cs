using System.Reflection;
using System.Text.RegularExpressions;

namespace SpendGuard.Tests.Architecture;

/// <summary>The arrows between the rooms of the engine.</summary>
public sealed partial class LayerTests
{
    /// <summary>What a room may know beside itself. The public face at the root, <c>Calls</c> and <c>Batches</c> join all others.</summary>
    private static readonly Dictionary<string, string[]> MayKnow = new(StringComparer.Ordinal)
    {
        ["Money"] = [],
        ["Names"] = [],
        ["Pricing"] = ["Money", "Names"],
        ["Budgets"] = ["Money"],
        ["Conversations"] = ["Budgets", "Pricing"],
        ["Bounds"] = ["Pricing", "Money"],
        ["Billing"] = ["Pricing", "Money"],
        ["Providers"] = ["Bounds", "Billing", "Pricing", "Money"],
        ["Keys"] = ["Budgets"],
        ["Alerts"] = ["Budgets", "Money"],
        ["Storage"] = ["Alerts", "Budgets", "Keys", "Money", "Names"],
        ["Telemetry"] = ["Calls", "Storage", "Keys", "Budgets", "Providers", "Bounds", "Billing", "Pricing", "Money", ""],
    };

    /// <summary>What is known everywhere.</summary>
    private static readonly string[] Everywhere = ["SpendGuard.SpendGuardException", "SpendGuard.ApiTier"];

    private static readonly Assembly Engine = typeof(SpendGuardEngine).Assembly;

    private static readonly Dictionary<string, string> RoomOf = (
        from path in Sources.In("src", "SpendGuard")
        let text = string.Join('\n', Sources.Lines(path))
        where Namespace().Match(text) is { Success: true }
        from Match declared in Declaration().Matches(text)
        let room = path.Split('/') is [_, _, var folder, _, ..] ? folder : ""
        select (Type: $"{Namespace().Match(text).Groups["name"].Value}.{declared.Groups["name"].Value}", Room: room))
        .DistinctBy(declared => declared.Type, StringComparer.Ordinal)
        .ToDictionary(declared => declared.Type, declared => declared.Room, StringComparer.Ordinal);

    [Fact]
    public void Rooms_KnowThoseBelowThem() => Findings.AssertNone(
        (from type in Engine.GetTypes()
         let room = Room(type)
         where room is not null && MayKnow.ContainsKey(room)
         from known in TypeReferences.Of(type)
         let other = Room(known)
         where other is not null && other != room && !MayKnow[room].Contains(other, StringComparer.Ordinal) && !Everywhere.Contains(Name(known), StringComparer.Ordinal)
         select $"{room} knows {(other.Length == 0 ? "the root" : other)}: {Name(type)} names {Name(known)}.").Distinct());

    [Fact]
    public void EveryType_HasARoom() => Findings.AssertNone(
        Engine.GetTypes().Where(type => Name(type).StartsWith("SpendGuard.", StringComparison.Ordinal) && Room(type) is null).Select(Name).Distinct());

    private static string? Room(Type type) => type.Assembly == Engine ? RoomOf.GetValueOrDefault(Name(type)) : null;

    /// <summary>The name of the outermost type, as it is declared.</summary>
    private static string Name(Type type)
    {
        while (type.DeclaringType is { } outer)
        {
            type = outer;
        }

        return $"{type.Namespace}.{type.Name.Split('`')[0]}";
    }

    [GeneratedRegex(@"^namespace (?<name>[\w.]+);", RegexOptions.Multiline | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 60_000)]
    private static partial Regex Namespace();

    [GeneratedRegex(
        @"^(public|internal) (\w+ )*(class|interface|enum|struct|record) (?<name>\w+)",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant,
        60_000)]
    private static partial Regex Declaration();
}
