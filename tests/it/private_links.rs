//! What is for the team alone, cited where anybody may read it.

use super::follow_ups::told;
use super::world::World;

#[tokio::test(flavor = "multi_thread")]
async fn a_public_document_that_cites_something_private_or_carries_an_invitation_is_told() {
    let world = World::new().await;
    world.jira.issue("ARCH-1");
    world.github.issue("acme/rocket", 3);
    world.register(&[("Slow builds", "2024-05-01 see ARCH-1", "ARCH-1, acme/rocket#3")]);
    world.write("drawing.md", "[A drawing](https://draw.example/d/1/edit?invitationId=inv_s3cret)\n");
    world.run(&["sync"]).await.ended(0);
    assert_eq!(told(&world, "private-link").await.len(), 0, "nothing is public, and nothing private");

    let configuration = std::fs::read_to_string(world.path("dragnet.toml")).unwrap();
    let public = configuration.replace("[[source]]", "[[source]]\naudience = \"public\"");
    world.write("dragnet.toml", &public);
    world.run(&["sync"]).await.ended(0);
    let invitation = "a link to draw.example carries an invitation, and this document is public";
    assert_eq!(told(&world, "private-link").await, [invitation]);

    world.write("dragnet.toml", public.replace("kind = \"jira\"", "kind = \"jira\"\nvisibility = \"private\""));
    world.run(&["sync"]).await.ended(0);
    let ticket = "ARCH-1 is for the team alone, and this document is public";
    assert_eq!(told(&world, "private-link").await, [ticket, invitation]);
    let check = world.run(&["check", "--no-network", "--fail-on", "warning"]).await.ended(1);
    assert!(check.out.contains("warning private-link: a link to draw.example"), "{}", check.out);
    let waiver =
        "[[waiver]]\ncode = \"private-link\"\nticket = \"jira:ARCH-1\"\nreason = \"agreed\"\nuntil = 2999-01-01\n";
    let configuration = std::fs::read_to_string(world.path("dragnet.toml")).unwrap();
    world.write("dragnet.toml", configuration + waiver);
    world.run(&["sync"]).await.ended(0);
    assert_eq!(told(&world, "private-link").await, [invitation], "as any finding it may be accepted");
}
