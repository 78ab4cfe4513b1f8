namespace SpendGuard.Tests.Architecture;

/// <summary>A file has one job, and a folder is looked over at a glance.</summary>
public sealed class SizeTests
{
    private const int MostLines = 250;
    private const int MostFiles = 20;

    [Fact]
    public void Files_AreShort() => Findings.AssertNone(
        from path in Sources.In("src")
        let lines = Sources.Lines(path).Length
        where lines > MostLines
        select $"{path} has {lines} lines.");

    [Theory]
    [InlineData("src")]
    [InlineData("tests")]
    public void Folders_AreSmall(string root) => Findings.AssertNone(
        from path in Sources.In(root)
        group path by path[..path.LastIndexOf('/')] into folder
        let files = folder.Count()
        where files > MostFiles
        select $"{folder.Key} has {files} files.");
}
